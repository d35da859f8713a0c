import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { here, login, signIn } from './person.mjs';

const metadata = await (await fetch(here('https://idp.partner.example/metadata.xml'))).text();
const found = pattern => pattern.exec(metadata)?.[1] ?? assert.fail(`no ${pattern} in ${metadata}`);

// node-saml as the user pool: it signs its requests, and wants both response and assertion signed, for its audience.
const client = (settings = {}) => new SAML({
  entryPoint: found(/<SingleSignOnService[^>]*Location="([^"]+)"/), idpIssuer: found(/entityID="([^"]+)"/),
  idpCert: found(/<X509Certificate[^>]*>([^<]+)</), issuer: 'urn:amazon:cognito:sp:judge', audience: 'urn:amazon:cognito:sp:judge',
  callbackUrl: `${login}/saml2/idpresponse`, privateKey: process.env.PRIVATE_KEY, signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256',
  decryptionPvk: process.env.PRIVATE_KEY, wantAssertionsSigned: true, wantAuthnResponseSigned: true, disableRequestedAuthnContext: true,
  validateInResponseTo: ValidateInResponseTo.always, acceptedClockSkewMs: 0, identifierFormat: null, ...settings,
});

test('node-saml takes the provider\'s response: signed, encrypted for it, and an answer to its own request', async () => {
  const saml = client();
  const { to, body } = await signIn(await saml.getAuthorizeUrlAsync('relayed', undefined, {}), { NameID: 'judge-1', mail: 'judge@example.com' });
  assert.equal(to.href, `${login}/saml2/idpresponse`);
  assert.equal(body.RelayState, 'relayed');
  const response = Buffer.from(body.SAMLResponse, 'base64').toString();
  assert.match(response, /EncryptedAssertion/);
  assert.doesNotMatch(response, /judge-1/);
  const { profile } = await saml.validatePostResponseAsync(body);
  assert.deepEqual([profile.nameID, profile.mail, profile.issuer], ['judge-1', 'judge@example.com', 'https://idp.partner.example/metadata.xml']);
  await assert.rejects(saml.validatePostResponseAsync(body), /InResponseTo is not valid/);
});

test('node-saml refuses the response for another audience, and the provider an unsigned request', async () => {
  const saml = client({ audience: 'urn:amazon:cognito:sp:other' });
  const { body } = await signIn(await saml.getAuthorizeUrlAsync('', undefined, {}), {});
  await assert.rejects(saml.validatePostResponseAsync(body), /audience/i);
  const answer = await fetch(here(await client({ privateKey: undefined }).getAuthorizeUrlAsync('', undefined, {})));
  assert.equal(answer.status, 400);
});
