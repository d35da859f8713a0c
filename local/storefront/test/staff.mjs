// The shop's staff: fills bucket and table and looks after customers, with the stage's own credentials, which `make local` prints.
import { strict as assert } from 'node:assert';
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
  const signer = new SignatureV4({ service, region: config.Region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
  const signed = await signer.sign({
    method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, headers: { host: url.host, ...headers }, body,
  });
  const response = await fetch(url, { method, headers: signed.headers, body });
  assert.ok(response.ok, `${service} ${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

export const putPicture = ({ config }, key, type, content) =>
  send(config, 's3', 'PUT', `/${config.MediaBucket}/${key}`, { 'content-type': type }, content);

export const setPictures = ({ config }, sku, keys) => send(config, 'dynamodb', 'POST', '/', {
  'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.UpdateItem',
}, JSON.stringify({
  TableName: config.ProductsTable, Key: { sku: { S: sku } }, UpdateExpression: 'SET pictures = :keys',
  ExpressionAttributeValues: { ':keys': { L: keys.map(key => ({ S: key })) } },
}));

// An operation of the user pool for administrators, on one of its users.
export const administer = ({ config }, operation, email, input) => send(config, 'cognito-idp', 'POST', '/', {
  'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
}, JSON.stringify({ UserPoolId: config.UserPoolId, Username: email, ...input }));

export const setPhoneNumber = (shop, email, number) =>
  administer(shop, 'AdminUpdateUserAttributes', email, { UserAttributes: [{ Name: 'phone_number', Value: number }] });
