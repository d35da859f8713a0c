import { profile, type Profile } from '@docs/api';
import { changeProfile } from '@docs/checkout';
import type { Outputs } from '@docs/config';
import { standing } from '@docs/links';
import { h, type Child } from '../dom';
import { form } from '../form';
import { invitation, loading } from '../loading';
import { tell, type Page } from '../router';
import { session } from '../session';
import { withStepUp } from '../step-up';
import { needs } from './needs';
import { payment } from './payment';
import { section } from './section';

export const accountPage = (o: Outputs): Page => () => ({
  title: 'Your account',
  body: session.value ? [loading('your account', async () => {
    const [known, mine] = await Promise.all([standing(o), profile(o)]);
    const missing = needs(o, known, 'To change your profile or how you pay');
    return [
      missing,
      h('div', { class: 'panels' },
        section('Profile', ...who(), ...missing ? shown(mine) : [profileForm(o, mine)]),
        !missing && payment(o),
        section('Security', h('p', {}, 'Second factor, password, connected providers, deleting the account.'),
          h('p', {}, h('a', { class: 'button', href: '/security' }, 'Go to your security')))),
    ];
  })] : invitation('Sign in to see your profile, or create an account.'),
});

const who = (): Child[] => [h('p', {}, session.value?.email)];
const shown = ({ name }: Profile): Child[] => [name && h('p', {}, name)];

const fields = [
  { name: 'name', label: 'Name', autocomplete: 'name' },
  { name: 'address', label: 'Address', autocomplete: 'street-address' },
] as const;

const profileForm = (o: Outputs, mine: Profile) => form({
  fields: fields.map(field => ({ ...field, value: mine[field.name], optional: true })),
  submit: 'Save the profile',
  action: async ({ name, address }) => {
    const change = (token: string) => changeProfile(o, token, { name, address });
    await withStepUp(o, 'To change your profile, confirm that it is you.', change);
    tell('Your profile is saved.');
  },
});
