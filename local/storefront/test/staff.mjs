// The shop's staff: fills bucket and tables and looks after customers, with the stage's own credentials, which `make
// local` prints.
import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  sessionToken: process.env.AWS_SESSION_TOKEN,
};

async function send(config, service, method, path, headers, body) {
  assert.ok(credentials.accessKeyId, 'AWS_ACCESS_KEY_ID is not set: export what `make local` prints');
  // A stage on this machine has one address for all services of AWS.
  const url = new URL(path, config.Endpoints.S3);
  const uriEscapePath = service !== 's3';
  const signer = new SignatureV4({ service, region: config.Region, credentials, sha256: Sha256, uriEscapePath });
  const signed = await signer.sign({
    method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, body,
    headers: { host: url.host, ...headers },
  });
  const response = await fetch(url, { method, headers: signed.headers, body });
  assert.ok(response.ok, `${service} ${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

export const putPicture = ({ config }, key, type, content) =>
  send(config, 's3', 'PUT', `/${config.MediaBucket}/${key}`, { 'content-type': type }, content);

// Sets one attribute of an item.
const set = (config, table, key, name, value) => send(config, 'dynamodb', 'POST', '/', {
  'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.UpdateItem',
}, JSON.stringify({
  TableName: table, Key: key, UpdateExpression: 'SET #name = :value', ExpressionAttributeNames: { '#name': name },
  ExpressionAttributeValues: { ':value': value },
}));

export const setPictures = ({ config }, sku, keys) =>
  set(config, config.ProductsTable, { sku: { S: sku } }, 'pictures', { L: keys.map(key => ({ S: key })) });

// An offer to connect a provider is stored under its hash (lambda/links/offer.go).
const setOffer = ({ config }, offer, name, value) => set(config, config.LinksTable,
  { linkId: { S: `offer#${createHash('sha256').update(offer).digest('base64url')}` } }, name, value);
export const expire = (shop, offer) =>
  setOffer(shop, offer, 'expiresAt', { N: String(Math.floor(Date.now() / 1000) - 1) });
export const useElsewhere = (shop, offer) => setOffer(shop, offer, 'usedBy', { S: 'somebody-else' });

// An operation of the user pool for administrators, on one of its users.
export const administer = ({ config }, operation, email, input) => send(config, 'cognito-idp', 'POST', '/', {
  'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
}, JSON.stringify({ UserPoolId: config.UserPoolId, Username: email, ...input }));

export const setPhoneNumber = (shop, email, number) =>
  administer(shop, 'AdminUpdateUserAttributes', email, { UserAttributes: [{ Name: 'phone_number', Value: number }] });
