import type { Outputs } from '@docs/config';
import type { Prompts, Secret } from '@docs/sign-in';
import { countdown, noteUse } from './countdown';
import type { Dialog } from './dialog';
import { h } from './dom';
import { code, newPassword } from './form';
import { qr } from './qr';

// What Cognito may ask for during any sign-in, in a dialog.
export const prompts = (o: Outputs, dialog: Dialog): Prompts => ({
  code: async (problem, factor) => {
    const intro = factor === 'app'
      ? [h('p', {}, 'Your authenticator app shows it. Each code works once.'), countdown()]
      : [h('p', {}, 'It was sent to your phone.')];
    const given = await dialog.askFor({ title: 'Enter your code', intro, field: code, submit: 'Confirm', problem });
    if (factor === 'app') noteUse();
    return given;
  },
  scan: async (secret, problem) => {
    const given = await dialog.askFor({
      title: 'Set up an authenticator app', intro: scanIntro(secret), field: code, submit: 'Confirm', problem,
    });
    noteUse();
    return given;
  },
  choose: problem => dialog.askFor({
    title: 'Choose your password', intro: [h('p', {}, 'You were invited with a password for one use.')],
    field: newPassword(o.PasswordLength, 'New password'), submit: 'Continue', problem,
  }),
});

const scanIntro = ({ uri, text }: Secret) => [
  h('p', {}, 'Scan the picture with an authenticator app, then enter the code that it shows.'),
  qr(uri.href, 'QR code with the secret for your authenticator app'),
  h('p', {}, 'Or enter this secret in the app: ', h('code', { class: 'secret' }, ...groups(text))),
  h('p', {}, h('a', { href: uri.href }, 'Open the app on this device')),
];

// In fours it can be typed; nothing is between them that could be copied.
const groups = (text: string) => (text.match(/.{1,4}/g) ?? []).map(group => h('span', {}, group));
