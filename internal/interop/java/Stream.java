package interop;

import java.security.MessageDigest;

/** The octets both sides draw their random cases from: SHA-256(seed || counter), four octets, from 0. */
final class Stream {
    private final byte[] seed;
    private int counter;
    private byte[] block = new byte[0];
    private int used;

    Stream(byte[] seed) {
        this.seed = seed;
    }

    byte[] draw(int size) throws Exception {
        byte[] out = new byte[size];
        for (int i = 0; i < size; i++) {
            if (used == block.length) {
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                sha.update(seed);
                sha.update(new byte[] {
                    (byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter});
                block = sha.digest();
                used = 0;
                counter++;
            }
            out[i] = block[used++];
        }
        return out;
    }

    int below(int limit) throws Exception {
        byte[] b = draw(2);
        return ((b[0] & 0xff) << 8 | b[1] & 0xff) % limit;
    }

    /** A length: one in eight is up to large, the others are up to small. */
    int size(int small, int large) throws Exception {
        return below(8) == 0 ? below(large + 1) : below(small + 1);
    }

    /** Eight random permutations of 0..15, one value an octet, as Bouncy Castle takes a substitution block. */
    byte[] sbox() throws Exception {
        byte[] rows = new byte[128];
        for (int row = 0; row < 8; row++) {
            for (int i = 0; i < 16; i++) {
                rows[16 * row + i] = (byte) i;
            }
            for (int i = 15; i > 0; i--) {
                int j = below(i + 1);
                byte swap = rows[16 * row + i];
                rows[16 * row + i] = rows[16 * row + j];
                rows[16 * row + j] = swap;
            }
        }
        return rows;
    }
}
