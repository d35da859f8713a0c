// oidc-client-ts as a front end of the stage.
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import { outputs, webOrigin, webScopes } from './stage.mjs';

export const callback = `${webOrigin}/signed-in`;
export const scope = `openid email profile ${webScopes.join(' ')}`;

// The issuer is AWS's; the document that says where everything is, is the stage's.
export const client = (settings = {}) => new OidcClient({
  authority: `https://cognito-idp.${outputs.Region}.amazonaws.com/${outputs.UserPoolId}`,
  metadataUrl: `${outputs.Endpoints.CognitoIdp}/${outputs.UserPoolId}/.well-known/openid-configuration`,
  client_id: outputs.WebClientId, redirect_uri: callback, post_logout_redirect_uri: `${webOrigin}/`, scope,
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }), loadUserInfo: true, ...settings,
});
