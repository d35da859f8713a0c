import { Refused, StepUpNeeded } from '@docs/api';

// The customer has changed their mind. Nothing is to be done, and nothing to be said.
export class Cancelled extends Error {}

// Amplify and Cognito tell errors apart by name. What is not listed says enough in its own message.
const sentences: Record<string, string> = {
  NetworkError: 'There is no connection to the shop. Check your network, then try again.',
  UsernameExistsException: 'There is an account with this address already. Sign in, or choose a new password if you '
    + 'have forgotten yours.',
  CodeMismatchException: 'That code is wrong. Try again.',
  EnableSoftwareTokenMFAException: 'That code is wrong. Try again with the one that your app shows now.',
  ExpiredCodeException: 'That code has been used or has expired. Wait for the next one, or ask for another.',
  LimitExceededException: 'That was tried too often. Wait a while.',
  TooManyRequestsException: 'That was tried too often. Wait a while.',
  TooManyFailedAttemptsException: 'That was tried too often. Wait a while.',
  PasswordHistoryPolicyViolationException: 'You have had that password before. Choose another.',
};

// What somebody has entered is not what was asked for. It is in the field of this name.
export class WrongEntry extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

// What an error is about, by the field's name. The user pool does not say which of address and password is wrong.
const fields: Record<string, string> = {
  NotAuthorizedException: 'password',
  InvalidParameterException: 'phone',
  UsernameExistsException: 'email',
  CodeMismatchException: 'code',
  EnableSoftwareTokenMFAException: 'code',
  ExpiredCodeException: 'code',
  InvalidPasswordException: 'password',
  PasswordHistoryPolicyViolationException: 'password',
};

// The field that an error is about, if it is about one. The API begins its details with the name of what is wrong.
export function fieldOf(error: unknown): string | undefined {
  if (error instanceof WrongEntry) return error.field;
  if (error instanceof Refused) return error.status === 422 ? error.problem.detail.split(' ')[0] : undefined;
  return error instanceof Error ? fields[error.name] : undefined;
}

export const isNamed = (error: unknown, ...names: string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

const ended = 'Your session has ended. Sign in again.';

// What to tell the customer, in one or two sentences.
export function explain(error: unknown): string {
  if (error instanceof StepUpNeeded) return error.problem.detail;
  if (error instanceof Refused) return explainAnswer(error);
  if (error instanceof Error) return sentences[error.name] ?? (error.message || error.name);
  return String(error);
}

function explainAnswer({ status, problem }: Refused): string {
  switch (true) {
    case status === 401:
      return ended;
    case status === 429 || status === 503:
      return 'The shop is busy. Try again in a moment.';
    case status >= 500:
      return `Something went wrong in the shop. If it stays so, tell us this number: ${problem.requestId}`;
    default:
      return problem.detail;
  }
}

// Nobody is signed in, or nobody any more. Where no password was asked for, NotAuthorizedException is about the
// session.
export const isSignedOut = (error: unknown): error is Error =>
  isNamed(error, 'UserUnAuthenticatedException', 'NotAuthorizedException')
  || error instanceof Refused && error.status === 401;

export const explainSignedOut = (error: Error) => error.name === 'UserUnAuthenticatedException' ? error.message : ended;
