package interop;

import static interop.Partner.of;

import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.OriginatorIdentifierOrKey;
import org.bouncycastle.asn1.cms.OriginatorPublicKey;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.ua.DSTU4145Params;
import org.bouncycastle.asn1.ua.DSTU4145PointEncoder;
import org.bouncycastle.asn1.ua.UAObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;
import org.bouncycastle.util.encoders.Hex;

/**
 * EnvelopedData with the GOST profile, and to read with the Kalyna profile. Bouncy Castle has the structures, the agreement, the hash and the cipher;
 * the derivation of the wrapping key and the key wrap of the Ukrainian profile are put together here.
 */
final class Enveloped {
    private static final String UA = "1.2.804.2.1.1.1.1.";
    private static final ASN1ObjectIdentifier COFACTOR_GOST = new ASN1ObjectIdentifier(UA + "3.4");
    private static final ASN1ObjectIdentifier STANDARD_GOST = new ASN1ObjectIdentifier(UA + "3.5");
    private static final ASN1ObjectIdentifier COFACTOR_KUPYNA = new ASN1ObjectIdentifier(UA + "3.7");
    private static final ASN1ObjectIdentifier STANDARD_KUPYNA = new ASN1ObjectIdentifier(UA + "3.8");
    private static final ASN1ObjectIdentifier KALYNA_WRAP = new ASN1ObjectIdentifier(UA + "1.3.11");
    private static final ASN1ObjectIdentifier KALYNA_CFB = new ASN1ObjectIdentifier(UA + "1.3.3.2");
    private static final ASN1ObjectIdentifier GOST_WRAP = new ASN1ObjectIdentifier(UA + "1.1.5");
    private static final ASN1ObjectIdentifier GOST_CFB = new ASN1ObjectIdentifier(UA + "1.1.3");
    private static final byte[] WRAP_IV = Hex.decode("4adda22c79e82105");

    private Enveloped() {}

    static byte[] wrap(byte[] kek, byte[] cek, byte[] iv, byte[] sbox) {
        byte[] checked = Arrays.concatenate(cek, Primitives.gostMac(kek, sbox, cek));
        byte[] inner = Arrays.concatenate(iv, Primitives.cfb(true, kek, sbox, iv, checked));
        return Primitives.cfb(true, kek, sbox, WRAP_IV, Arrays.reverse(inner));
    }

    private static byte[] unwrap(byte[] kek, byte[] wrapped, byte[] sbox) {
        if (wrapped.length != 44) {
            throw new IllegalArgumentException("wrapped key of " + wrapped.length + " octets");
        }
        byte[] inner = Arrays.reverse(Primitives.cfb(false, kek, sbox, WRAP_IV, wrapped));
        byte[] checked = Primitives.cfb(false, kek, sbox, Arrays.copyOf(inner, 8), Arrays.copyOfRange(inner, 8, 44));
        byte[] cek = Arrays.copyOf(checked, 32);
        if (!Arrays.areEqual(Primitives.gostMac(kek, sbox, cek), Arrays.copyOfRange(checked, 32, 36))) {
            throw new IllegalArgumentException("check value of the wrapped key");
        }
        return cek;
    }

    private static byte[] sharedInfo(ASN1ObjectIdentifier wrap, byte[] ukm) throws Exception {
        ASN1EncodableVector info = new ASN1EncodableVector();
        info.add(new AlgorithmIdentifier(wrap, DERNull.INSTANCE));
        if (ukm != null) {
            info.add(new DERTaggedObject(true, 0, new DEROctetString(ukm)));
        }
        info.add(new DERTaggedObject(true, 2, new DEROctetString(new byte[] {0, 0, 1, 0})));
        return new DERSequence(info).getEncoded();
    }

    /** The key that wraps: hash of the shared x, a counter and the description of its use. */
    private static byte[] kupynaKey(byte[] shared, byte[] ukm) throws Exception {
        return Primitives.hash(new DSTU7564Digest(256), shared, new byte[] {0, 0, 0, 1}, sharedInfo(KALYNA_WRAP, ukm));
    }

    /** The same with the GOST hash, and without leading zeros of x. */
    private static byte[] wrappingKey(byte[] shared, byte[] ukm) throws Exception {
        int start = 0;
        while (start < shared.length && shared[start] == 0) {
            start++;
        }
        return Primitives.hash(new GOST3411Digest(Primitives.DKE1), Arrays.copyOfRange(shared, start, shared.length),
            new byte[] {0, 0, 0, 1}, sharedInfo(GOST_WRAP, ukm));
    }

    private static byte[] sbox(SubjectPublicKeyInfo spki) {
        return Primitives.expand(DSTU4145Params.getInstance(spki.getAlgorithm().getParameters()).getDKE());
    }

    private static boolean fits(KeyAgreeRecipientIdentifier rid, X509CertificateHolder cert) {
        if (rid.getRKeyID() != null) {
            byte[] id = rid.getRKeyID().getSubjectKeyIdentifier().getOctets();
            byte[] own = org.bouncycastle.asn1.x509.SubjectKeyIdentifier.fromExtensions(cert.getExtensions()).getKeyIdentifier();
            return Arrays.areEqual(id, own);
        }
        IssuerAndSerialNumber name = rid.getIssuerAndSerialNumber();
        return name.getName().equals(cert.getIssuer()) && name.getSerialNumber().getValue().equals(cert.getSerialNumber());
    }

    /** The sender's public key from the message or, when it names a certificate, from the one given. */
    private static ECPublicKeyParameters originator(OriginatorIdentifierOrKey id, ECDomainParameters own, byte[] sender) throws Exception {
        if (id.getOriginatorKey() != null) {
            byte[] string = id.getOriginatorKey().getPublicKey().getOctets();
            return Curves.pub(own, Arrays.reverse(ASN1OctetString.getInstance(string).getOctets()));
        }
        X509CertificateHolder cert = new X509CertificateHolder(sender);
        IssuerAndSerialNumber name = id.getIssuerAndSerialNumber();
        if (name != null && !(name.getName().equals(cert.getIssuer()) && name.getSerialNumber().getValue().equals(cert.getSerialNumber()))) {
            throw new IllegalArgumentException("another sender");
        }
        return Curves.known((ECPublicKeyParameters) PublicKeyFactory.createKey(cert.getSubjectPublicKeyInfo()));
    }

    private static byte[] open(byte[] der, byte[] certificate, byte[] d, byte[] sender) throws Exception {
        X509CertificateHolder cert = new X509CertificateHolder(certificate);
        ECPublicKeyParameters pub = Curves.known((ECPublicKeyParameters) PublicKeyFactory.createKey(cert.getSubjectPublicKeyInfo()));
        ECPrivateKeyParameters key = Curves.priv(pub.getParameters(), d);
        EnvelopedData data = EnvelopedData.getInstance(ContentInfo.getInstance(der).getContent());
        for (int i = 0; i < data.getRecipientInfos().size(); i++) {
            KeyAgreeRecipientInfo info =
                KeyAgreeRecipientInfo.getInstance(RecipientInfo.getInstance(data.getRecipientInfos().getObjectAt(i)).getInfo());
            for (int j = 0; j < info.getRecipientEncryptedKeys().size(); j++) {
                RecipientEncryptedKey wrapped = RecipientEncryptedKey.getInstance(info.getRecipientEncryptedKeys().getObjectAt(j));
                if (fits(wrapped.getIdentifier(), cert)) {
                    AlgorithmIdentifier agreement = info.getKeyEncryptionAlgorithm();
                    AlgorithmIdentifier wrap = AlgorithmIdentifier.getInstance(agreement.getParameters());
                    boolean kupyna = wrap.getAlgorithm().equals(KALYNA_WRAP);
                    boolean cofactor = agreement.getAlgorithm().equals(kupyna ? COFACTOR_KUPYNA : COFACTOR_GOST);
                    if (!cofactor && !agreement.getAlgorithm().equals(kupyna ? STANDARD_KUPYNA : STANDARD_GOST)
                        || !kupyna && !wrap.getAlgorithm().equals(GOST_WRAP)) {
                        throw new IllegalArgumentException("algorithms " + agreement.getAlgorithm() + ", " + wrap.getAlgorithm());
                    }
                    byte[] shared = Curves.agree(cofactor, key, originator(info.getOriginator(), key.getParameters(), sender));
                    ASN1OctetString ukm = info.getUserKeyingMaterial();
                    if (kupyna) {
                        byte[] kek = kupynaKey(shared, ukm == null ? null : ukm.getOctets());
                        return content(data.getEncryptedContentInfo(), Kalyna.unwrap(kek, wrapped.getEncryptedKey().getOctets()));
                    }
                    byte[] kek = wrappingKey(shared, ukm == null ? null : ukm.getOctets());
                    byte[] cek = unwrap(kek, wrapped.getEncryptedKey().getOctets(), sbox(cert.getSubjectPublicKeyInfo()));
                    return content(data.getEncryptedContentInfo(), cek);
                }
            }
        }
        throw new IllegalArgumentException("not a recipient");
    }

    private static byte[] content(EncryptedContentInfo info, byte[] cek) {
        if (info.getContentEncryptionAlgorithm().getAlgorithm().equals(KALYNA_CFB)) {
            ASN1Sequence params = ASN1Sequence.getInstance(info.getContentEncryptionAlgorithm().getParameters());
            byte[] iv = ASN1OctetString.getInstance(params.getObjectAt(0)).getOctets();
            return Kalyna.cfb(false, cek, iv, info.getEncryptedContent().getOctets());
        }
        if (!info.getContentEncryptionAlgorithm().getAlgorithm().equals(GOST_CFB)) {
            throw new IllegalArgumentException("cipher " + info.getContentEncryptionAlgorithm().getAlgorithm());
        }
        ASN1Sequence params = ASN1Sequence.getInstance(info.getContentEncryptionAlgorithm().getParameters());
        byte[] sbox = Primitives.DKE1;
        if (params.size() > 1) {
            sbox = Primitives.expand(ASN1OctetString.getInstance(params.getObjectAt(1)).getOctets());
        }
        byte[] iv = ASN1OctetString.getInstance(params.getObjectAt(0)).getOctets();
        return Primitives.cfb(false, cek, sbox, iv, info.getEncryptedContent().getOctets());
    }

    /** An envelope with a fresh key pair of the sender; ukm may be null. */
    private static byte[] seal(byte[] certificate, byte[] plain, byte[] ukm, boolean standard) throws Exception {
        X509CertificateHolder cert = new X509CertificateHolder(certificate);
        SubjectPublicKeyInfo spki = cert.getSubjectPublicKeyInfo();
        ECPublicKeyParameters pub = Curves.known((ECPublicKeyParameters) PublicKeyFactory.createKey(spki));
        SecureRandom random = new SecureRandom();
        ECPrivateKeyParameters own = new ECPrivateKeyParameters(
            BigIntegers.createRandomInRange(java.math.BigInteger.ONE, pub.getParameters().getN().shiftRight(1), random), pub.getParameters());
        byte[] point = Arrays.reverse(DSTU4145PointEncoder.encodePoint(Curves.publicPoint(own)));
        byte[] kek = wrappingKey(Curves.agree(!standard, own, pub), ukm);
        byte[] cek = new byte[32];
        byte[] iv = new byte[8];
        random.nextBytes(cek);
        random.nextBytes(iv);
        IssuerAndSerialNumber name = new IssuerAndSerialNumber(cert.getIssuer(), cert.getSerialNumber());
        RecipientEncryptedKey wrapped =
            new RecipientEncryptedKey(new KeyAgreeRecipientIdentifier(name), new DEROctetString(wrap(kek, cek, iv, sbox(spki))));
        OriginatorPublicKey key = new OriginatorPublicKey(new AlgorithmIdentifier(UAObjectIdentifiers.dstu4145le, DERNull.INSTANCE),
            new DEROctetString(point).getEncoded());
        KeyAgreeRecipientInfo info = new KeyAgreeRecipientInfo(new OriginatorIdentifierOrKey(key),
            ukm == null ? null : new DEROctetString(ukm),
            new AlgorithmIdentifier(standard ? STANDARD_GOST : COFACTOR_GOST, new AlgorithmIdentifier(GOST_WRAP, DERNull.INSTANCE)),
            new DERSequence(wrapped));
        ASN1EncodableVector params = new ASN1EncodableVector();
        params.add(new DEROctetString(iv));
        params.add(new DEROctetString(DSTU4145Params.getDefaultDKE()));
        EncryptedContentInfo content = new EncryptedContentInfo(CMSObjectIdentifiers.data,
            new AlgorithmIdentifier(GOST_CFB, new DERSequence(params)),
            new DEROctetString(Primitives.cfb(true, cek, Primitives.DKE1, iv, plain)));
        EnvelopedData data = new EnvelopedData(null, new DERSet(new RecipientInfo(info)), content, (org.bouncycastle.asn1.cms.Attributes) null);
        return new ContentInfo(CMSObjectIdentifiers.envelopedData, data).getEncoded("DER");
    }

    static void register() {
        // open ENVELOPE CERTIFICATE D SENDER-CERTIFICATE -> plaintext
        Partner.add("open", a -> of(open(a[0], a[1], a[2], a[3])));
        // seal CERTIFICATE PLAINTEXT UKM STANDARD -> envelope with an ephemeral key
        Partner.add("seal", a -> of(seal(a[0], a[1], a[2], a[3] != null)));
    }
}
