package interop;

import static interop.Partner.text;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.pkcs.CertBag;
import org.bouncycastle.asn1.ua.DSTU4145Params;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.asn1.ua.DSTU4145NamedCurves;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/**
 * Key containers of the GOST profile, put together from structures, derivations and the cipher of Bouncy Castle.
 * Results: for each key degree, scalar, id of its bag; for each certificate "0", DER, none.
 */
final class Containers {
    private static final ASN1ObjectIdentifier GOST_HASH = new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.2.1");
    private static final ASN1ObjectIdentifier GOST_HMAC = new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.1.2");
    private static final ASN1ObjectIdentifier GOST_CFB = new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.1.1.3");
    private static final ASN1ObjectIdentifier IIT = new ASN1ObjectIdentifier("1.3.6.1.4.1.19398.1.1.1.2");

    private Containers() {}

    private static void require(boolean ok, String what) {
        if (!ok) {
            throw new IllegalArgumentException(what);
        }
    }

    private static byte[] decrypt(AlgorithmIdentifier id, byte[] data, byte[] password) {
        require(id.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2), "scheme " + id.getAlgorithm());
        PBES2Parameters scheme = PBES2Parameters.getInstance(id.getParameters());
        // PBKDF2Params of Bouncy Castle reads the same fields; the sequence shows what is written.
        ASN1Sequence kdf = ASN1Sequence.getInstance(scheme.getKeyDerivationFunc().getParameters());
        AlgorithmIdentifier prf = AlgorithmIdentifier.getInstance(kdf.getObjectAt(kdf.size() - 1));
        require(prf.getAlgorithm().equals(GOST_HMAC), "prf " + prf.getAlgorithm());
        require(scheme.getEncryptionScheme().getAlgorithm().equals(GOST_CFB), "cipher " + scheme.getEncryptionScheme().getAlgorithm());
        byte[] salt = ASN1OctetString.getInstance(kdf.getObjectAt(0)).getOctets();
        int iterations = org.bouncycastle.asn1.ASN1Integer.getInstance(kdf.getObjectAt(1)).intValueExact();
        ASN1Sequence params = ASN1Sequence.getInstance(scheme.getEncryptionScheme().getParameters());
        byte[] sbox = params.size() > 1 ? Primitives.expand(ASN1OctetString.getInstance(params.getObjectAt(1)).getOctets()) : Primitives.DKE1;
        byte[] iv = ASN1OctetString.getInstance(params.getObjectAt(0)).getOctets();
        return Primitives.cfb(false, Primitives.pbkdf2(password, salt, iterations), sbox, iv, data);
    }

    private static void key(List<byte[]> out, byte[] pkcs8, byte[] id) {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
        DSTU4145Params params = DSTU4145Params.getInstance(info.getPrivateKeyAlgorithm().getParameters());
        int degree;
        if (params.isNamedCurve()) {
            ECDomainParameters named = DSTU4145NamedCurves.getByOID(params.getNamedCurve());
            degree = named.getCurve().getFieldSize();
        } else {
            degree = params.getECBinary().getField().getM();
        }
        byte[] d = Arrays.reverse(info.getPrivateKey().getOctets());
        ECDomainParameters curve = Curves.byDegree(degree);
        byte[] fixed = BigIntegers.asUnsignedByteArray(Curves.scalarSize(curve), new java.math.BigInteger(1, d));
        out.add(text(degree));
        out.add(fixed);
        out.add(id);
    }

    private static byte[] localID(SafeBag bag) {
        ASN1Set attributes = bag.getBagAttributes();
        for (ASN1Encodable e : attributes == null ? new ASN1Encodable[0] : attributes.toArray()) {
            ASN1Sequence attribute = ASN1Sequence.getInstance(e);
            if (attribute.getObjectAt(0).equals(PKCSObjectIdentifiers.pkcs_9_at_localKeyId)) {
                return ASN1OctetString.getInstance(ASN1Set.getInstance(attribute.getObjectAt(1)).getObjectAt(0)).getOctets();
            }
        }
        return null;
    }

    private static void bags(List<byte[]> out, byte[] contents, byte[] password) throws Exception {
        for (ASN1Encodable e : ASN1Sequence.getInstance(contents)) {
            SafeBag bag = SafeBag.getInstance(e);
            if (bag.getBagId().equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)) {
                EncryptedPrivateKeyInfo shrouded = EncryptedPrivateKeyInfo.getInstance(bag.getBagValue());
                key(out, decrypt(shrouded.getEncryptionAlgorithm(), shrouded.getEncryptedData(), password), localID(bag));
            } else if (bag.getBagId().equals(PKCSObjectIdentifiers.certBag)) {
                CertBag cert = CertBag.getInstance(bag.getBagValue());
                out.add(text(0));
                out.add(ASN1OctetString.getInstance(cert.getCertValue()).getOctets());
                out.add(null);
            } else {
                throw new IllegalArgumentException("bag " + bag.getBagId());
            }
        }
    }

    private static byte[][] pkcs12(byte[] der, String password) throws Exception {
        byte[] octets = text(password);
        Pfx pfx = Pfx.getInstance(der);
        byte[] safe = ASN1OctetString.getInstance(pfx.getAuthSafe().getContent()).getOctets();
        MacData mac = pfx.getMacData();
        require(mac.getMac().getAlgorithmId().getAlgorithm().equals(GOST_HASH), "mac " + mac.getMac().getAlgorithmId().getAlgorithm());
        byte[] key = Primitives.pkcs12MacKey(password, mac.getSalt(), mac.getIterationCount().intValueExact());
        require(Arrays.areEqual(Primitives.hmac(key, safe), mac.getMac().getDigest()), "mac does not fit");
        List<byte[]> out = new ArrayList<>();
        for (ASN1Encodable e : ASN1Sequence.getInstance(safe)) {
            ContentInfo part = ContentInfo.getInstance(e);
            if (part.getContentType().equals(PKCSObjectIdentifiers.data)) {
                bags(out, ASN1OctetString.getInstance(part.getContent()).getOctets(), octets);
            } else {
                EncryptedData data = EncryptedData.getInstance(part.getContent());
                bags(out, decrypt(data.getEncryptionAlgorithm(), data.getContent().getOctets(), octets), octets);
            }
        }
        return out.toArray(new byte[0][]);
    }

    private static byte[][] pbes2(byte[] der, String password) {
        EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
        List<byte[]> out = new ArrayList<>();
        key(out, decrypt(info.getEncryptionAlgorithm(), info.getEncryptedData(), text(password)), null);
        return out.toArray(new byte[0][]);
    }

    private static byte[][] iit(byte[] der, byte[] password) throws Exception {
        ASN1Sequence outer = ASN1Sequence.getInstance(der);
        ASN1Sequence header = ASN1Sequence.getInstance(outer.getObjectAt(0));
        require(header.getObjectAt(0).equals(IIT), "header");
        ASN1Sequence params = ASN1Sequence.getInstance(header.getObjectAt(1));
        byte[] mac = ASN1OctetString.getInstance(params.getObjectAt(0)).getOctets();
        byte[] pad = params.size() > 1 ? ASN1OctetString.getInstance(params.getObjectAt(1)).getOctets() : new byte[0];
        byte[] body = ASN1OctetString.getInstance(outer.getObjectAt(1)).getOctets();
        byte[] key = password;
        for (int i = 0; i < 10000; i++) {
            key = Primitives.hash(new GOST3411Digest(Primitives.DKE1), key);
        }
        byte[] plain = Primitives.ecb(false, key, Primitives.DKE1, Arrays.concatenate(body, pad));
        for (int i = body.length; i < plain.length; i++) {
            require(plain[i] == 0, "padding");
        }
        byte[] data = Arrays.copyOf(plain, body.length);
        require(Arrays.areEqual(Primitives.gostMac(key, Primitives.DKE1, data), mac), "mac does not fit");
        List<byte[]> out = new ArrayList<>();
        key(out, ASN1Primitive.fromByteArray(data).getEncoded(), null);
        return out.toArray(new byte[0][]);
    }

    static void register() {
        // Passwords are UTF-8, except for iit, which takes the octets.
        Partner.add("pkcs12", a -> pkcs12(a[0], text(a[1])));
        Partner.add("pbes2", a -> pbes2(a[0], text(a[1])));
        Partner.add("iit", a -> iit(a[0], a[1]));
    }
}
