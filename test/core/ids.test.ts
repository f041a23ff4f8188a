import { isFacilityId, isIssuer, isRegionId, isSessionId, isSubject } from '../../core/ids';

const prototypeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('AC4 region ids', () => {
  test.each([...prototypeNames, 'north', 'eu.west-1', '...', 'r'.repeat(64)])('%p is one', (id) => {
    expect(isRegionId(id)).toBe(true);
  });
  test.each(['', 'r'.repeat(65), 'a b', 'a/b', 'a~b', '*', 'nörth', 'north\n', '.', '..'])(
    '%p is none',
    (id) => {
      expect(isRegionId(id)).toBe(false);
    },
  );
});

describe('AC4 session ids', () => {
  test.each([...prototypeNames, 'b2c~1', 's'.repeat(64)])('%p is one', (id) => {
    expect(isSessionId(id)).toBe(true);
  });
  test.each(['', 's'.repeat(65), 'a b', 'a/b', '*', 's1\n'])('%p is none', (id) => {
    expect(isSessionId(id)).toBe(false);
  });
});

describe('AC4 facility ids', () => {
  test.each([...prototypeNames, 'clinic-7', 'lab/3', '~home/.hidden', 'a/...', 'f'.repeat(128)])(
    '%p is one',
    (id) => {
      expect(isFacilityId(id)).toBe(true);
    },
  );
  test.each([
    '',
    '.',
    '..',
    '/',
    '/a',
    'a/',
    'a//b',
    'a/./b',
    'a/../b',
    'lab/*',
    'a b',
    'f'.repeat(129),
    'a\n',
  ])('%p is none', (id) => {
    expect(isFacilityId(id)).toBe(false);
  });
});

describe('AC1 subjects and issuers of tokens', () => {
  test.each(['ann', 'auth0|5f7c', 'a user with spaces', 'Zoë', 's'.repeat(255)])('subject %p', (text) => {
    expect(isSubject(text)).toBe(true);
  });
  test.each(['', 's'.repeat(256), 'a\nb', 'a\u0000', 'a\u007f', 'half \ud800 a pair'])(
    'no subject: %p',
    (text) => {
      expect(isSubject(text)).toBe(false);
    },
  );
  test.each(['https://issuer.example/', 'i'.repeat(255)])('issuer %p', (text) => {
    expect(isIssuer(text)).toBe(true);
  });
  test.each(['', 'i'.repeat(256), 'https://issuer.example/ x', 'a\u0000b', 'a\u00a0b'])(
    'no issuer: %p',
    (text) => {
      expect(isIssuer(text)).toBe(false);
    },
  );
});
