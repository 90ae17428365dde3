package interop;

import java.util.Map;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.StreamCipher;
import org.bouncycastle.crypto.engines.DSTU7624Engine;
import org.bouncycastle.crypto.engines.DSTU7624WrapEngine;
import org.bouncycastle.crypto.macs.DSTU7624Mac;
import org.bouncycastle.crypto.macs.KGMac;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.CFBBlockCipher;
import org.bouncycastle.crypto.modes.KCCMBlockCipher;
import org.bouncycastle.crypto.modes.KCTRBlockCipher;
import org.bouncycastle.crypto.modes.KGCMBlockCipher;
import org.bouncycastle.crypto.modes.KXTSBlockCipher;
import org.bouncycastle.crypto.modes.OFBBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.util.Arrays;

/**
 * DSTU 7624, on inputs where Bouncy Castle does what the standard says: whole blocks in all modes but CTR and OFB,
 * and in CCM additional data of whole blocks too, and a counter that does not leave its first octet.
 */
final class Kalyna {
    /** Octets of the length field of CCM. */
    private static final int CCM_LENGTH = 4;

    private static final byte[] WRAP_IV = org.bouncycastle.util.encoders.Hex.decode(
        "6973271d6e611d06616715046c65504c2020004f6d68011f65610c0c73734714");

    private Kalyna() {}

    private static byte[] blocks(BlockCipher c, boolean encrypt, CipherParameters params, byte[] data) {
        c.init(encrypt, params);
        byte[] out = new byte[data.length];
        for (int i = 0; i < data.length; i += c.getBlockSize()) {
            c.processBlock(data, i, out, i);
        }
        return out;
    }

    private static byte[] aead(AEADBlockCipher c, byte[] key, int tag, byte[] nonce, byte[] data, byte[] plain) throws Exception {
        c.init(true, new AEADParameters(new KeyParameter(key), 8 * tag, nonce, data));
        byte[] out = new byte[c.getOutputSize(plain.length)];
        int n = c.processBytes(plain, 0, plain.length, out, 0);
        n += c.doFinal(out, n);
        return Arrays.copyOf(out, n);
    }

    /** The feedback mode of DSTU 7624 with whole blocks: the last, short piece takes the end of the gamma. */
    static byte[] cfb(boolean encrypt, byte[] key, byte[] iv, byte[] data) {
        int whole = data.length / 32 * 32;
        byte[] head = blocks(new CFBBlockCipher(new DSTU7624Engine(256), 256), encrypt,
            new ParametersWithIV(new KeyParameter(key), iv), Arrays.copyOf(data, whole));
        byte[] last = iv;
        if (whole > 0) {
            byte[] ciphertext = encrypt ? head : data;
            last = Arrays.copyOfRange(ciphertext, whole - 32, whole);
        }
        byte[] gamma = blocks(new DSTU7624Engine(256), true, new KeyParameter(key), last);
        byte[] out = Arrays.copyOf(head, data.length);
        int rest = data.length - whole;
        for (int i = 0; i < rest; i++) {
            out[whole + i] = (byte) (data[whole + i] ^ gamma[32 - rest + i]);
        }
        return out;
    }

    private static byte[] mac(byte[] key, byte[] data) {
        return Primitives.mac(new DSTU7624Mac(256, 256), new KeyParameter(key), data);
    }

    static byte[] wrap(byte[] kek, byte[] cek, byte[] iv) {
        byte[] inner = Arrays.concatenate(iv, cfb(true, kek, iv, Arrays.concatenate(cek, mac(kek, cek))));
        return cfb(true, kek, WRAP_IV, Arrays.reverse(inner));
    }

    static byte[] unwrap(byte[] kek, byte[] wrapped) {
        if (wrapped.length != 96) {
            throw new IllegalArgumentException("wrapped key of " + wrapped.length + " octets");
        }
        byte[] inner = Arrays.reverse(cfb(false, kek, WRAP_IV, wrapped));
        byte[] checked = cfb(false, kek, Arrays.copyOf(inner, 32), Arrays.copyOfRange(inner, 32, 96));
        byte[] cek = Arrays.copyOf(checked, 32);
        if (!Arrays.areEqual(mac(kek, cek), Arrays.copyOfRange(checked, 32, 64))) {
            throw new IllegalArgumentException("check value of the wrapped key");
        }
        return cek;
    }

    static void cases(Map<String, Primitives.Case> to) {
        to.put("kalyna-wrap", s -> {
            byte[] kek = s.draw(32);
            byte[] cek = s.draw(32);
            return wrap(kek, cek, s.draw(32));
        });
        for (int[] v : new int[][] {{16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}}) {
            cases(to, "kalyna" + 8 * v[0] + "-" + 8 * v[1] + "-", v[0], v[1]);
        }
    }

    private static void cases(Map<String, Primitives.Case> to, String name, int block, int key) {
        int bits = 8 * block;
        for (boolean encrypt : new boolean[] {true, false}) {
            String suffix = encrypt ? "" : "dec";
            to.put(name + "ecb" + suffix, s -> {
                CipherParameters k = new KeyParameter(s.draw(key));
                return blocks(new DSTU7624Engine(bits), encrypt, k, s.draw(block * (1 + s.below(40))));
            });
            to.put(name + "cbc" + suffix, s -> {
                CipherParameters k = new ParametersWithIV(new KeyParameter(s.draw(key)), s.draw(block));
                return blocks(new CBCBlockCipher(new DSTU7624Engine(bits)), encrypt, k, s.draw(block * (1 + s.below(40))));
            });
            to.put(name + "cfb" + suffix, s -> {
                CipherParameters k = new ParametersWithIV(new KeyParameter(s.draw(key)), s.draw(block));
                return blocks(new CFBBlockCipher(new DSTU7624Engine(bits), bits), encrypt, k, s.draw(block * (1 + s.below(40))));
            });
            to.put(name + "xts" + suffix, s -> {
                KXTSBlockCipher c = new KXTSBlockCipher(new DSTU7624Engine(bits));
                c.init(encrypt, new ParametersWithIV(new KeyParameter(s.draw(key)), s.draw(block)));
                byte[] data = s.draw(block * (1 + s.below(40)));
                byte[] out = new byte[c.getOutputSize(data.length)];
                int n = c.processBytes(data, 0, data.length, out, 0);
                return Arrays.copyOf(out, n + c.doFinal(out, n));
            });
        }
        to.put(name + "ctr", s -> stream(new KCTRBlockCipher(new DSTU7624Engine(bits)), s, block, key));
        to.put(name + "ofb", s -> stream(new OFBBlockCipher(new DSTU7624Engine(bits), bits), s, block, key));
        to.put(name + "cmac", s -> {
            CipherParameters k = new KeyParameter(s.draw(key));
            return Primitives.mac(new DSTU7624Mac(bits, bits), k, s.draw(block * (1 + s.below(10))));
        });
        to.put(name + "gmac", s -> {
            CipherParameters k = new ParametersWithIV(new KeyParameter(s.draw(key)), new byte[block]);
            return Primitives.mac(new KGMac(new KGCMBlockCipher(new DSTU7624Engine(bits)), bits), k, s.draw(block * (1 + s.below(10))));
        });
        to.put(name + "gcm", s -> {
            byte[] k = s.draw(key);
            byte[] nonce = s.draw(block);
            byte[] data = s.draw(block * s.below(5));
            return aead(new KGCMBlockCipher(new DSTU7624Engine(bits)), k, block, nonce, data, s.draw(block * (1 + s.below(40))));
        });
        to.put(name + "ccm", s -> {
            byte[] k = s.draw(key);
            byte[] start = s.draw(block);
            start[0] &= 0x7f; // the counter there does not carry
            byte[] nonce = blocks(new DSTU7624Engine(bits), false, new KeyParameter(k), start);
            byte[] data = s.draw(block * (1 + s.below(5)));
            return aead(new KCCMBlockCipher(new DSTU7624Engine(bits), CCM_LENGTH), k, block, nonce, data,
                s.draw(block * (1 + s.below(10))));
        });
        to.put(name + "kw", s -> {
            DSTU7624WrapEngine e = new DSTU7624WrapEngine(bits);
            e.init(true, new KeyParameter(s.draw(key)));
            byte[] data = s.draw(block * (1 + s.below(4)));
            return e.wrap(data, 0, data.length);
        });
    }

    private static byte[] stream(StreamCipher c, Stream s, int block, int key) throws Exception {
        c.init(true, new ParametersWithIV(new KeyParameter(s.draw(key)), s.draw(block)));
        byte[] data = s.draw(1 + s.below(40 * block));
        byte[] out = new byte[data.length];
        c.processBytes(data, 0, data.length, out, 0);
        return out;
    }
}
