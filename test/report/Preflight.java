import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Prints what PDFBox Preflight has against each file as PDF/A-1b: the file, then one error a line. */
public class Preflight {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      System.out.println("@@");
      for (ValidationResult.ValidationError error : validate(new File(file)).getErrorsList()) {
        System.out.println(error.getErrorCode() + " " + error.getDetails().replace('\n', ' '));
      }
    }
  }

  private static ValidationResult validate(File file) throws Exception {
    PreflightParser parser = new PreflightParser(file);
    try {
      parser.parse();
      try (PreflightDocument document = parser.getPreflightDocument()) {
        document.validate();
        return document.getResult();
      }
    } catch (SyntaxValidationException broken) {
      return broken.getResult();
    }
  }
}
