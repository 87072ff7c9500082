// Offers the passkey where there is one to offer: without JavaScript the button stays hidden.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("passkey_login");
  if (!button || !window.PublicKeyCredential) return;
  button.hidden = false;
  window.allauth.webauthn.forms.loginForm({ ids: { login: "passkey_login", credential: "mfa_credential" } });
});
