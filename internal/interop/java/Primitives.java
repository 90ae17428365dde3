package interop;

import static interop.Partner.number;
import static interop.Partner.of;
import static interop.Partner.text;

import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.ua.DSTU4145Params;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Mac;
import org.bouncycastle.crypto.StreamCipher;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.engines.GOST28147Engine;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.macs.DSTU7564Mac;
import org.bouncycastle.crypto.macs.GOST28147Mac;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.CFBBlockCipher;
import org.bouncycastle.crypto.modes.GOFBBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.crypto.params.ParametersWithSBox;
import org.bouncycastle.util.Arrays;

/** Hashes, the block cipher and what is built from them. */
final class Primitives {
    interface Case {
        byte[] run(Stream s) throws Exception;
    }

    private static final Map<String, Case> CASES = new HashMap<>();

    /** DKE No. 1, one value an octet. */
    static final byte[] DKE1 = expand(DSTU4145Params.getDefaultDKE());

    private Primitives() {}

    static byte[] expand(byte[] packed) {
        byte[] out = new byte[2 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            out[2 * i] = (byte) ((packed[i] >>> 4) & 15);
            out[2 * i + 1] = (byte) (packed[i] & 15);
        }
        return out;
    }

    static byte[] hash(Digest d, byte[]... parts) {
        for (byte[] part : parts) {
            d.update(part, 0, part.length);
        }
        byte[] out = new byte[d.getDigestSize()];
        d.doFinal(out, 0);
        return out;
    }

    static byte[] mac(Mac m, CipherParameters key, byte[] data) {
        m.init(key);
        m.update(data, 0, data.length);
        byte[] out = new byte[m.getMacSize()];
        m.doFinal(out, 0);
        return out;
    }

    static CipherParameters keyed(byte[] key, byte[] sbox) {
        return new ParametersWithSBox(new KeyParameter(key), sbox);
    }

    static byte[] ecb(boolean encrypt, byte[] key, byte[] sbox, byte[] data) {
        GOST28147Engine engine = new GOST28147Engine();
        engine.init(encrypt, keyed(key, sbox));
        byte[] out = new byte[data.length];
        for (int i = 0; i < data.length; i += 8) {
            engine.processBlock(data, i, out, i);
        }
        return out;
    }

    static byte[] stream(StreamCipher c, boolean encrypt, byte[] key, byte[] sbox, byte[] iv, byte[] data) {
        c.init(encrypt, new ParametersWithIV(keyed(key, sbox), iv));
        byte[] out = new byte[data.length];
        c.processBytes(data, 0, data.length, out, 0);
        return out;
    }

    static byte[] cfb(boolean encrypt, byte[] key, byte[] sbox, byte[] iv, byte[] data) {
        return stream(new CFBBlockCipher(new GOST28147Engine(), 64), encrypt, key, sbox, iv, data);
    }

    static byte[] gostMac(byte[] key, byte[] sbox, byte[] data) {
        GOST28147Mac m = new GOST28147Mac();
        m.init(keyed(key, sbox));
        m.update(data, 0, data.length);
        byte[] out = new byte[4];
        m.doFinal(out, 0);
        return out;
    }

    static byte[] hmac(byte[] key, byte[] data) {
        return mac(new HMac(new GOST3411Digest(DKE1)), new KeyParameter(key), data);
    }

    static byte[] pbkdf2(byte[] password, byte[] salt, int iterations) {
        PKCS5S2ParametersGenerator g = new PKCS5S2ParametersGenerator(new GOST3411Digest(DKE1));
        g.init(password, salt, iterations);
        return ((KeyParameter) g.generateDerivedMacParameters(256)).getKey();
    }

    static byte[] pkcs12MacKey(String password, byte[] salt, int iterations) {
        PKCS12ParametersGenerator g = new PKCS12ParametersGenerator(new GOST3411Digest(DKE1));
        g.init(PKCS12ParametersGenerator.PKCS12PasswordToBytes(password.toCharArray()), salt, iterations);
        return ((KeyParameter) g.generateDerivedMacParameters(256)).getKey();
    }

    private static byte[] stream(StreamCipher c, boolean encrypt, Stream s) throws Exception {
        byte[] key = s.draw(32);
        byte[] sbox = s.sbox();
        byte[] iv = s.draw(8);
        return stream(c, encrypt, key, sbox, iv, s.draw(1 + s.size(200, 4000)));
    }

    /** The digests of some messages, one after the other. */
    private static byte[] many(Stream s, Digest d, int least, int usual) throws Exception {
        byte[][] messages = new byte[1 + s.below(9)][];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = s.draw(least + s.size(usual, 1000));
        }
        byte[] all = new byte[0];
        for (byte[] message : messages) {
            all = Arrays.concatenate(all, hash(d, message));
        }
        return all;
    }

    private static void cases() {
        // Bouncy Castle skips the step of an empty message, so no case of the GOST hash is empty.
        CASES.put("gost34311", s -> hash(new GOST3411Digest(DKE1), s.draw(1 + s.size(200, 4000))));
        CASES.put("gost34311-sbox", s -> {
            byte[] data = s.draw(1 + s.size(200, 4000));
            return hash(new GOST3411Digest(s.sbox()), data);
        });
        CASES.put("gost34311-many", s -> many(s, new GOST3411Digest(DKE1), 1, 100));
        for (int size : new int[] {256, 384, 512}) {
            CASES.put("kupyna" + size, s -> hash(new DSTU7564Digest(size), s.draw(s.size(400, 4000))));
            CASES.put("kupyna" + size + "-many", s -> many(s, new DSTU7564Digest(size), 0, 200));
            CASES.put("kupynamac" + size, s -> {
                CipherParameters key = new KeyParameter(s.draw(size / 8));
                return mac(new DSTU7564Mac(size), key, s.draw(s.size(400, 4000)));
            });
        }
        CASES.put("ecb", s -> {
            byte[] key = s.draw(32);
            byte[] sbox = s.sbox();
            return ecb(true, key, sbox, s.draw(8 * (1 + s.size(20, 500))));
        });
        CASES.put("ecbdec", s -> {
            byte[] key = s.draw(32);
            byte[] sbox = s.sbox();
            return ecb(false, key, sbox, s.draw(8 * (1 + s.size(20, 500))));
        });
        CASES.put("cfb", s -> stream(new CFBBlockCipher(new GOST28147Engine(), 64), true, s));
        CASES.put("cfbdec", s -> stream(new CFBBlockCipher(new GOST28147Engine(), 64), false, s));
        CASES.put("ctr", s -> stream(new GOFBBlockCipher(new GOST28147Engine()), true, s));
        CASES.put("mac", s -> {
            byte[] key = s.draw(32);
            byte[] sbox = s.sbox();
            return gostMac(key, sbox, s.draw(1 + s.size(100, 2000)));
        });
        CASES.put("hmac", s -> {
            byte[] key = s.draw(1 + s.below(100));
            return hmac(key, s.draw(s.size(100, 2000)));
        });
        CASES.put("pbkdf2", s -> {
            byte[] password = s.draw(1 + s.below(80));
            byte[] salt = s.draw(1 + s.below(40));
            return pbkdf2(password, salt, 1 + s.below(5));
        });
        CASES.put("wrap", s -> {
            byte[] kek = s.draw(32);
            byte[] cek = s.draw(32);
            return Enveloped.wrap(kek, cek, s.draw(8), DKE1);
        });
    }

    /** The digest of a message of so many MiB; byte i is the sum of the bytes of i. */
    private static byte[] longHash(Digest d, int mib) {
        byte[] buf = new byte[1 << 20];
        long at = 0;
        for (int i = 0; i < mib; i++) {
            for (int j = 0; j < buf.length; j++, at++) {
                buf[j] = (byte) (at + (at >>> 8) + (at >>> 16) + (at >>> 24) + (at >>> 32));
            }
            d.update(buf, 0, buf.length);
        }
        return hash(d);
    }

    static void register() {
        cases();
        Kalyna.cases(CASES);
        // long NAME MIB -> digest
        Partner.add("long", a -> {
            String name = text(a[0]);
            Digest d = name.equals("gost34311") ? new GOST3411Digest(DKE1)
                : new DSTU7564Digest(Integer.parseInt(name.substring("kupyna".length())));
            return of(longHash(d, number(a[1])));
        });
        // run NAME COUNT SEED -> SEED, SHA-256 over the results of all cases
        Partner.add("run", a -> {
            Case one = CASES.get(text(a[0]));
            Stream s = new Stream(a[2]);
            MessageDigest sum = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < number(a[1]); i++) {
                sum.update(one.run(s));
            }
            return of(a[2], sum.digest());
        });
    }
}
