package interop;

import static interop.Partner.number;
import static interop.Partner.of;
import static interop.Partner.text;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ua.DSTU4145NamedCurves;
import org.bouncycastle.asn1.ua.DSTU4145PointEncoder;
import org.bouncycastle.crypto.BasicAgreement;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.agreement.ECDHCBasicAgreement;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.DSTU4145Signer;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/** DSTU 4145 and key agreement with the core classes. All strings big-endian, points compressed. */
final class Curves {
    private static final String NAMED = "1.2.804.2.1.1.1.1.3.1.1.2.";
    private static final int[] DEGREES = {163, 167, 173, 179, 191, 233, 257, 307, 367, 431};

    /** The vendor's curve over GF(2^571): coefficients and order of B-571, its own base point. */
    private static ECDomainParameters vendor;

    private Curves() {}

    static ECDomainParameters byDegree(int m) {
        if (m == 571) {
            return vendor571();
        }
        for (int i = 0; i < DEGREES.length; i++) {
            if (DEGREES[i] == m) {
                return DSTU4145NamedCurves.getByOID(new ASN1ObjectIdentifier(NAMED + i));
            }
        }
        throw new IllegalArgumentException("no curve of degree " + m);
    }

    private static ECDomainParameters vendor571() {
        if (vendor == null) {
            ECDomainParameters nist = new ECDomainParameters(org.bouncycastle.asn1.sec.SECNamedCurves.getByName("sect571r1"));
            ECCurve c = nist.getCurve();
            BigInteger x = new BigInteger("770b787fede809a9914d17857bf7ca0ebd826fc1f5e2901dcd8541002c83605d45decd24538e5f8c"
                + "668ad07e7a9824c8087339ca8b66b5da9e12e028afc5765bc9cdeff87f", 16);
            BigInteger y = new BigInteger("7d137fab279420175533c39b0908463f18c14a3378236cf75d540534e4798091a4e9e3efa99b8c15"
                + "eb58c1f389cf0a63ca6e323f37b91f8bb2ffa6d218d553ad37bc58ce4a76cb7", 16);
            vendor = new ECDomainParameters(c, c.validatePoint(x, y), nist.getN(), nist.getH());
        }
        return vendor;
    }

    static int fieldSize(ECDomainParameters p) {
        return (p.getCurve().getFieldSize() + 7) / 8;
    }

    static int scalarSize(ECDomainParameters p) {
        return (p.getN().bitLength() + 7) / 8;
    }

    static ECPublicKeyParameters pub(ECDomainParameters p, byte[] compressed) {
        return new ECPublicKeyParameters(DSTU4145PointEncoder.decodePoint(p.getCurve(), compressed), p);
    }

    /** The same key with known parameters: those that Bouncy Castle reads from explicit ones lack the cofactor. */
    static ECPublicKeyParameters known(ECPublicKeyParameters key) {
        ECDomainParameters read = key.getParameters();
        ECDomainParameters p = byDegree(read.getCurve().getFieldSize());
        ECCurve c = p.getCurve();
        if (!read.getCurve().equals(c) || !read.getG().equals(c.importPoint(p.getG())) || !read.getN().equals(p.getN())) {
            throw new IllegalArgumentException("not the curve of degree " + c.getFieldSize());
        }
        return new ECPublicKeyParameters(c.importPoint(key.getQ()), p);
    }

    static ECPrivateKeyParameters priv(ECDomainParameters p, byte[] d) {
        return new ECPrivateKeyParameters(new BigInteger(1, d), p);
    }

    /** The public key is the negative of d times the base point. */
    static ECPoint publicPoint(ECPrivateKeyParameters key) {
        return key.getParameters().getG().multiply(key.getD()).negate().normalize();
    }

    static byte[] sign(ECPrivateKeyParameters key, byte[] digest) {
        DSTU4145Signer signer = new DSTU4145Signer();
        signer.init(true, new ParametersWithRandom(key, new SecureRandom()));
        BigInteger[] rs = signer.generateSignature(digest);
        int size = scalarSize(key.getParameters());
        return Arrays.concatenate(BigIntegers.asUnsignedByteArray(size, rs[0]), BigIntegers.asUnsignedByteArray(size, rs[1]));
    }

    static boolean verify(ECPublicKeyParameters key, byte[] digest, byte[] sig) {
        int half = scalarSize(key.getParameters());
        if (sig.length != 2 * half) {
            return false;
        }
        DSTU4145Signer signer = new DSTU4145Signer();
        signer.init(false, key);
        return signer.verifySignature(digest, new BigInteger(1, Arrays.copyOf(sig, half)),
            new BigInteger(1, Arrays.copyOfRange(sig, half, 2 * half)));
    }

    /** Each half reversed: from ours to the order of little-endian formats and back. */
    static byte[] swap(byte[] sig) {
        int half = sig.length / 2;
        return Arrays.concatenate(Arrays.reverse(Arrays.copyOf(sig, half)), Arrays.reverse(Arrays.copyOfRange(sig, half, sig.length)));
    }

    static byte[] agree(boolean cofactor, ECPrivateKeyParameters own, ECPublicKeyParameters peer) {
        BasicAgreement agreement = cofactor ? new ECDHCBasicAgreement() : new ECDHBasicAgreement();
        agreement.init(own);
        return BigIntegers.asUnsignedByteArray(fieldSize(own.getParameters()), agreement.calculateAgreement(peer));
    }

    static void register() {
        // curve DEGREE -> a, b, n, h, base point compressed, and as x, y
        Partner.add("curve", a -> {
            ECDomainParameters p = byDegree(number(a[0]));
            ECPoint g = p.getG();
            return of(text(p.getCurve().getA().toBigInteger()), p.getCurve().getB().getEncoded(),
                BigIntegers.asUnsignedByteArray(scalarSize(p), p.getN()), text(p.getH()), DSTU4145PointEncoder.encodePoint(g),
                g.getAffineXCoord().getEncoded(), g.getAffineYCoord().getEncoded());
        });
        // public DEGREE D -> compressed point, x, y
        Partner.add("public", a -> {
            ECPoint q = publicPoint(priv(byDegree(number(a[0])), a[1]));
            return of(DSTU4145PointEncoder.encodePoint(q), q.getAffineXCoord().getEncoded(), q.getAffineYCoord().getEncoded());
        });
        // expand DEGREE POINT -> x, y
        Partner.add("expand", a -> {
            ECPoint q = pub(byDegree(number(a[0])), a[1]).getQ();
            return of(q.getAffineXCoord().getEncoded(), q.getAffineYCoord().getEncoded());
        });
        // agree DEGREE D POINT -> shared x of the standard scheme, of the cofactor scheme
        Partner.add("agree", a -> {
            ECDomainParameters p = byDegree(number(a[0]));
            return of(agree(false, priv(p, a[1]), pub(p, a[2])), agree(true, priv(p, a[1]), pub(p, a[2])));
        });
        // signmany DEGREE D COUNT SEED -> signatures of random digests, one after the other
        Partner.add("signmany", a -> {
            ECPrivateKeyParameters key = priv(byDegree(number(a[0])), a[1]);
            Stream s = new Stream(a[3]);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < number(a[2]); i++) {
                all.write(sign(key, s.draw(1 + s.below(64))));
            }
            return of(all.toByteArray());
        });
        // verifymany DEGREE POINT SEED SIGNATURES -> number of right ones
        Partner.add("verifymany", a -> {
            ECPublicKeyParameters key = pub(byDegree(number(a[0])), a[1]);
            Stream s = new Stream(a[2]);
            int size = 2 * scalarSize(key.getParameters());
            int good = 0;
            for (int at = 0; at + size <= a[3].length; at += size) {
                if (verify(key, s.draw(1 + s.below(64)), Arrays.copyOfRange(a[3], at, at + size))) {
                    good++;
                }
            }
            return of(text(good));
        });
    }
}
