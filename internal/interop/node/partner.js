// The jkurwa and gost89 side of the interoperability tests. One request a line:
// an operation and its arguments, hexadecimal, "-" for none. One answer a line:
// "ok" and the results in the same form, or "err" and a text.
'use strict';

require('./compat.js');
const crypto = require('crypto');
const readline = require('readline');
const gost89 = require('gost89');
const jk = require('jkurwa');

const algo = gost89.compat.algos();
const text = buf => buf.toString('utf8');
const number = buf => Number(text(buf));
const utf8 = str => Buffer.from(String(str), 'utf8');

// Stream yields the octets both sides draw their random cases from:
// SHA-256(seed || counter), counter as four octets, big-endian, from 0.
class Stream {
  constructor(seed) {
    this.seed = seed;
    this.counter = 0;
    this.rest = Buffer.alloc(0);
  }

  draw(size) {
    const parts = [this.rest];
    let have = this.rest.length;
    while (have < size) {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(this.counter++);
      parts.push(crypto.createHash('sha256').update(this.seed).update(counter).digest());
      have += 32;
    }
    const all = Buffer.concat(parts);
    this.rest = all.subarray(size);
    return Buffer.from(all.subarray(0, size));
  }

  below(limit) {
    return this.draw(2).readUInt16BE() % limit;
  }
}

const cipher = key => {
  const ctx = gost89.init();
  ctx.key(key);
  return ctx;
};

// One case of each differential run; the Go side has the same list.
const cases = {
  // gost89 skips the step of an empty message, so no case is empty.
  hash: s => gost89.gosthash(s.draw(1 + s.below(200))),
  pbkdf: s => {
    const password = s.draw(1 + s.below(32));
    const salt = s.draw(32);
    return gost89.pbkdf(password, salt, 1 + s.below(5));
  },
  iitkdf: s => {
    const password = s.draw(1 + s.below(40));
    return gost89.dumb_kdf(password, 1 + s.below(5));
  },
  wrap: s => {
    const kek = s.draw(32);
    const cek = s.draw(32);
    return gost89.wrap_key(cek, kek, s.draw(8));
  },
  ecb: s => {
    const key = s.draw(32);
    const data = s.draw(8 * (1 + s.below(10)));
    return cipher(key).crypt(data, Buffer.alloc(data.length));
  },
  cfb: s => {
    const key = s.draw(32);
    const iv = s.draw(8);
    const data = s.draw(1 + s.below(100));
    return cipher(key).crypt_cfb(iv, data, Buffer.alloc(data.length));
  },
  // Messages of one block or less are excluded: gost89 has its own rule there.
  mac: s => {
    const key = s.draw(32);
    return cipher(key).mac(32, s.draw(9 + s.below(100)));
  },
};

function run(name, count, seed) {
  const stream = new Stream(seed);
  const sum = crypto.createHash('sha256');
  for (let i = 0; i < count; i += 1) sum.update(Buffer.from(cases[name](stream)));
  return sum.digest();
}

// keyring reads "k" PKCS#8, "c" certificate pairs into what a Box takes.
function keyring(args) {
  const keys = [];
  for (let i = 0; i < args.length; i += 2) {
    const kind = text(args[i]);
    if (kind === 'k') keys.push({ priv: jk.Priv.from_asn1(args[i + 1]) });
    else if (kind === 'c') keys.push({ cert: jk.Certificate.from_asn1(args[i + 1]) });
    else throw new Error(`unknown kind of key material ${kind}`);
  }
  return keys;
}

// curve takes {m, ks, a, b, order, cofactor, base}: numbers, and hexadecimal strings, base compressed.
const curves = new Map();
function curve(json) {
  if (!curves.has(json)) {
    const p = JSON.parse(json);
    const made = new jk.Curve({
      m: p.m,
      ks: p.ks,
      a: [p.a],
      b: p.b,
      order: p.order,
      kofactor: [p.cofactor],
      base: p.base,
    });
    curves.set(json, made);
  }
  return curves.get(json);
}

const scalar = field => Buffer.from(field.buf8());

function describe(step) {
  if (step.error) return `error ${step.error}`;
  if (step.transport) return `header ${JSON.stringify(step.headers)}`;
  if (step.signed) {
    const time = step.signingTime ? new Date(step.signingTime).toISOString() : '';
    return `signed ${step.cert.subject.commonName} ${time}`;
  }
  return step.enc ? 'encrypted' : 'unknown';
}

const operations = {
  // run NAME COUNT [SEED] -> SEED, SHA-256 over the results of all cases
  run: (name, count, seed) => {
    const from = seed || crypto.randomBytes(32);
    return [from, run(text(name), number(count), from)];
  },

  hash: data => [gost89.gosthash(data)],

  // unwrap DATA CONTENT [KIND MATERIAL]... -> content, one description a layer
  unwrap: async (data, content, ...material) => {
    const box = new jk.Box({ algo, keys: keyring(material) });
    const info = await box.unwrap(data, content);
    return [Buffer.from(info.content), ...info.pipe.map(step => utf8(describe(step)))];
  },

  // sign KEY CERT DATA DETACHED("yes") -> ContentInfo
  sign: async (key, cert, data, detached) => {
    const box = new jk.Box({ algo, keys: keyring([utf8('k'), key, utf8('c'), cert]) });
    const op = { op: 'sign', detached: Boolean(detached) };
    return [await box.pipe(data, [op], {})];
  },

  // encrypt KEY CERT RECIPIENT DATA -> ContentInfo
  encrypt: async (key, cert, recipient, data) => {
    const box = new jk.Box({ algo, keys: keyring([utf8('k'), key, utf8('c'), cert]) });
    const op = { op: 'encrypt', forCert: jk.Certificate.from_asn1(recipient) };
    return [await box.pipe(data, [op], {})];
  },

  // report SIGNKEY SIGNCERT KEY CERT RECIPIENT DATA HEADERS(JSON) -> transport message
  report: async (signKey, signCert, key, cert, recipient, data, headers) => {
    const k = utf8('k');
    const c = utf8('c');
    const keys = keyring([k, signKey, c, signCert, k, key, c, cert]);
    const box = new jk.Box({ algo, keys });
    const steps = [
      { op: 'sign', tax: true },
      { op: 'encrypt', forCert: jk.Certificate.from_asn1(recipient), tax: true, addCert: true },
      { op: 'sign', tax: true },
    ];
    return [await box.pipe(data, steps, JSON.parse(text(headers)))];
  },

  // open CONTAINER PASSWORD -> for each key: field degree, scalar, key id; then certificates as 0, DER, ""
  open: (data, password) => {
    const keys = jk.Box.load({ keyBuffers: [data], password: password && text(password) }, algo);
    const out = [];
    for (const { priv, cert } of keys) {
      if (priv) out.push(utf8(priv.curve.m), scalar(priv.d), priv.pub().keyid(algo));
      else out.push(utf8(0), cert.as_asn1(), Buffer.alloc(0));
    }
    return out;
  },

  // protect KEY PASSWORD -> PBES2 container
  protect: (key, password) => [jk.Priv.from_asn1(key).to_pbes2(text(password), algo)],

  // reencode KEY -> the same key written by jkurwa
  reencode: key => [Buffer.from(jk.Priv.from_asn1(key).to_asn1())],

  // transport MESSAGE -> headers as JSON, then label and content of each section
  transport: data => {
    const { header, docs } = jk.transport.decode(data);
    return docs.reduce((acc, d) => acc.concat(utf8(d.type), d.contents), [
      utf8(JSON.stringify(header || {})),
    ]);
  },

  // frame HEADERS(JSON) LABEL CONTENT ... -> transport message
  frame: (headers, ...rest) => {
    const docs = [];
    for (let i = 0; i < rest.length; i += 2) docs.push({ type: text(rest[i]), contents: rest[i + 1] });
    return [jk.transport.encode(docs, headers && JSON.parse(text(headers)))];
  },

  // certificate DER ISSUER TIME(ms) -> subject, serial, field degree, point x, y, key id; throws if not signed by ISSUER
  certificate: (der, issuerDER, at) => {
    const cert = jk.Certificate.from_asn1(der);
    const issuer = jk.Certificate.from_asn1(issuerDER);
    if (!cert.verifySignature(issuer.pubkey, { Dstu4145le: algo.hash })) throw new Error('bad signature');
    if (!cert.verifyTime(number(at))) throw new Error('not valid at that time');
    const { pubkey } = cert;
    if (!pubkey.validate()) throw new Error('bad public key');
    return [
      utf8(JSON.stringify(cert.subject)),
      Buffer.from(cert.serial.toString(16, 2), 'hex'),
      utf8(cert.curve.m),
      scalar(pubkey.x),
      scalar(pubkey.y),
      cert.extension.subjectKeyIdentifier,
    ];
  },

  // selfsigned KEY USAGE(DER) FROM TO (ms) -> certificate
  selfsigned: (key, usage, from, to) => {
    const name = { commonName: 'Партнер jkurwa', organizationName: 'Interop', countryName: 'UA' };
    const cert = jk.Certificate.signCert({
      privkey: jk.Priv.from_asn1(key),
      hash: algo.hash,
      certData: {
        serial: 0x5be47000,
        issuer: name,
        subject: name,
        valid: { from: number(from), to: number(to) },
        usage: usage.toString('binary'),
      },
    });
    return [cert.as_asn1()];
  },

  // verifyhash CURVE POINT(compressed, big-endian) DIGEST SIGNATURE(little-endian) -> yes or no
  verifyhash: (params, point, digest, signature) => {
    const pub = curve(text(params)).pubkey(point.toString('hex'), 'hex');
    return [utf8(pub.verify(digest, signature, 'le') ? 'yes' : 'no')];
  },

  // derive CURVE SCALAR POINT(compressed) -> x of the cofactor agreement
  derive: (params, d, point) => {
    const own = curve(text(params));
    const priv = own.pkey(d.toString('hex'), 'hex');
    return [priv.derive(own.pubkey(point.toString('hex'), 'hex'))];
  },

  // public CURVE SCALAR -> compressed point, big-endian
  public: (params, d) => {
    const pub = curve(text(params)).pkey(d.toString('hex'), 'hex').pub();
    return [Buffer.from(pub.serialize().subarray(2)).reverse()];
  },
};

async function answer(line) {
  const [name, ...rest] = line.split(' ');
  const operation = operations[name];
  if (!operation) throw new Error(`unknown operation ${name}`);
  const args = rest.map(arg => (arg === '-' ? undefined : Buffer.from(arg, 'hex')));
  const results = await operation(...args);
  return results.map(r => (r && r.length ? Buffer.from(r).toString('hex') : '-')).join(' ');
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let reply;
    try {
      reply = `ok ${await answer(line)}`;
    } catch (e) {
      reply = `err ${String(e.message || e).replace(/\s+/g, ' ')}`;
    }
    process.stdout.write(`${reply.trimEnd()}\n`);
  }
}

main();
