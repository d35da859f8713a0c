import { Refused, StepUpNeeded } from '@docs/api';

// The customer has changed their mind. Nothing is to be done, and nothing to be said.
export class Cancelled extends Error {}

// Amplify and Cognito tell errors apart by name. What is not listed says enough in its own message.
const sentences: Record<string, string> = {
  NetworkError: 'There is no connection to the shop. Check your network, then try again.',
  UsernameExistsException: 'There is an account with this e-mail address. Sign in instead.',
  CodeMismatchException: 'That code is wrong. Try again.',
  EnableSoftwareTokenMFAException: 'That code is wrong. Try again with the one that your app shows now.',
  ExpiredCodeException: 'That code has been used or has expired. Wait for the next one.',
  LimitExceededException: 'That was tried too often. Wait a while.',
  TooManyRequestsException: 'That was tried too often. Wait a while.',
  TooManyFailedAttemptsException: 'That was tried too often. Wait a while.',
  RESET_PASSWORD: 'Your password must be reset. Choose “Other ways” and then “Forgot your password?”.',
};

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

// Nobody is signed in, or nobody any more. Where no password was asked for, NotAuthorizedException is about the session.
export const isSignedOut = (error: unknown): error is Error => error instanceof Error
  && (['UserUnAuthenticatedException', 'NotAuthorizedException'].includes(error.name) || error instanceof Refused && error.status === 401);

export const explainSignedOut = (error: Error) => error.name === 'UserUnAuthenticatedException' ? error.message : ended;
