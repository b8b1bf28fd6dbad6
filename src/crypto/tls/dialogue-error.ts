/** Raised by STARTTLS and proxy dialogues; the message never quotes the server. */
export class DialogueError extends Error {
  override readonly name = 'DialogueError';
}
