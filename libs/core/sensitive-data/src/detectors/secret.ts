import { detector, type Detector } from './detector.js';

export const secretDetectors: readonly Detector[] = [
  // What password hashes, tokens and keys begin with.
  detector('secret', 'password', [0.96, 0], (value) =>
    /^(?:\{\w+\})?\$(?:2[abxy]|argon2(?:id|i|d)|pbkdf2[\w-]*|scrypt|[156y]|apr1)\$|^\{(?:bcrypt|pbkdf2|scrypt|noop|SSHA|SHA-?\d*|MD5)\}|^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$|-----BEGIN [A-Z ]*PRIVATE KEY-----|^(?:AKIA|ASIA)[A-Z0-9]{16}$|^gh[pousr]_\w{36}|^sk-[\w-]{20,}/.test(
      value,
    )
      ? 'checked'
      : undefined,
  ),
  detector('track', 'card_security', [0.95, 0], (value) =>
    /^%?B\d{13,19}\^[^^]{2,26}\^\d{4}|^;?\d{13,19}=\d{7,}\??$/.test(value) ? 'checked' : undefined,
  ),
  detector('short_code', 'card_security', [0, 0], (value) => (/^\d{3,8}$/.test(value) ? 'form' : undefined)),
];
