package interop;

import static interop.Partner.number;
import static interop.Partner.of;
import static interop.Partner.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ua.DSTU4145Params;
import org.bouncycastle.asn1.ua.DSTU4145PointEncoder;
import org.bouncycastle.asn1.ua.UAObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.jce.interfaces.ECPrivateKey;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.BigIntegers;

/** Certificates and requests, through the provider and through the structures of bcpkix. */
final class Certificates {
    private static final String UA = "1.2.804.2.1.1.1.1.";

    private Certificates() {}

    /** The digest of a signature or digest algorithm; sbox is one value an octet. */
    static Digest digest(ASN1ObjectIdentifier oid, byte[] sbox) {
        switch (oid.getId()) {
            case UA + "3.1.1":
            case UA + "2.1":
                return new GOST3411Digest(sbox);
            case UA + "3.6.1":
            case UA + "3.6.1.1":
            case UA + "2.2.1":
                return new DSTU7564Digest(256);
            case UA + "3.6.2":
            case UA + "3.6.2.1":
            case UA + "2.2.2":
                return new DSTU7564Digest(384);
            case UA + "3.6.3":
            case UA + "3.6.3.1":
            case UA + "2.2.3":
                return new DSTU7564Digest(512);
            default:
                throw new IllegalArgumentException("no digest for " + oid);
        }
    }

    /** Collects what is written. */
    static class Collector {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();

        public OutputStream getOutputStream() {
            return data;
        }
    }

    /** Checks signatures of one key; wrapped means that an OCTET STRING stands around r||s, as in certificates. */
    static ContentVerifierProvider verifier(SubjectPublicKeyInfo spki, boolean wrapped) throws Exception {
        ECPublicKeyParameters key = (ECPublicKeyParameters) PublicKeyFactory.createKey(spki);
        byte[] sbox = Primitives.expand(DSTU4145Params.getInstance(spki.getAlgorithm().getParameters()).getDKE());
        final class Check extends Collector implements ContentVerifier {
            private final AlgorithmIdentifier id;

            Check(AlgorithmIdentifier id) {
                this.id = id;
            }

            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return id;
            }

            @Override
            public boolean verify(byte[] expected) {
                byte[] rs = wrapped ? ASN1OctetString.getInstance(expected).getOctets() : expected;
                byte[] hash = Primitives.hash(digest(id.getAlgorithm(), sbox), data.toByteArray());
                return Curves.verify(key, hash, Curves.swap(rs));
            }
        }
        return new ContentVerifierProvider() {
            @Override
            public boolean hasAssociatedCertificate() {
                return false;
            }

            @Override
            public X509CertificateHolder getAssociatedCertificate() {
                return null;
            }

            @Override
            public ContentVerifier get(AlgorithmIdentifier id) {
                return new Check(id);
            }
        };
    }

    /** Signs with one key, as certificates (wrapped) or messages carry it. */
    static ContentSigner signer(ECPrivateKeyParameters key, ASN1ObjectIdentifier oid, boolean wrapped) {
        final class Sign extends Collector implements ContentSigner {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return new AlgorithmIdentifier(oid);
            }

            @Override
            public byte[] getSignature() {
                byte[] hash = Primitives.hash(digest(oid, Primitives.DKE1), data.toByteArray());
                byte[] rs = Curves.swap(Curves.sign(key, hash));
                try {
                    return wrapped ? new DEROctetString(rs).getEncoded() : rs;
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return new Sign();
    }

    private static byte[] bits(boolean[] usage) {
        StringBuilder s = new StringBuilder();
        for (boolean bit : usage == null ? new boolean[0] : usage) {
            s.append(bit ? '1' : '0');
        }
        return text(s);
    }

    /** Reads a certificate with the provider alone and checks it under the issuer's key. */
    private static byte[][] read(byte[] der, byte[] issuerDER) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
        X509Certificate cert = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        X509Certificate issuer = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(issuerDER));
        X509CertificateHolder holder = new X509CertificateHolder(der);
        SubjectPublicKeyInfo issuerKey = new X509CertificateHolder(issuerDER).getSubjectPublicKeyInfo();
        if (!holder.isSignatureValid(verifier(issuerKey, true))) {
            throw new IllegalArgumentException("signature does not fit");
        }
        if (holder.getSignatureAlgorithm().getAlgorithm().equals(UAObjectIdentifiers.dstu4145le)) {
            cert.verify(issuer.getPublicKey(), "BC");
        }
        if (!holder.getIssuer().equals(new X509CertificateHolder(issuerDER).getSubject())) {
            throw new IllegalArgumentException("issuer and subject differ");
        }
        ECPublicKeyParameters key = (ECPublicKeyParameters) PublicKeyFactory.createKey(holder.getSubjectPublicKeyInfo());
        PublicKey provided = cert.getPublicKey();
        if (!provided.getAlgorithm().equals("DSTU4145")) {
            throw new IllegalArgumentException("key of " + provided.getAlgorithm());
        }
        SubjectKeyIdentifier ski = SubjectKeyIdentifier.fromExtensions(holder.getExtensions());
        return of(text(holder.getSubject()), BigIntegers.asUnsignedByteArray(cert.getSerialNumber()),
            text(key.getParameters().getCurve().getFieldSize()), DSTU4145PointEncoder.encodePoint(key.getQ()),
            ski == null ? null : ski.getKeyIdentifier(), bits(cert.getKeyUsage()), text(cert.getBasicConstraints()),
            text(cert.getNotBefore().getTime() / 1000), text(cert.getNotAfter().getTime() / 1000));
    }

    /** Makes a key and a self-signed certificate; everything through the provider unless Kupyna is asked for. */
    private static byte[][] issue(String curve, String signature, long from, long to) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("DSTU4145", "BC");
        g.initialize(new ECGenParameterSpec(curve));
        KeyPair pair = g.generateKeyPair();
        BigInteger d = ((ECPrivateKey) pair.getPrivate()).getD();
        SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        X500Name name = new X500Name("C=UA,O=Interop,CN=Bouncy Castle");
        X509v3CertificateBuilder b = new X509v3CertificateBuilder(name, BigInteger.valueOf(from), new Date(1000 * from),
            new Date(1000 * to), name, spki);
        byte[] id = Primitives.hash(new GOST3411Digest(Primitives.DKE1), spki.getPublicKeyData().getOctets());
        b.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(id));
        b.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
        ECPublicKeyParameters pub = (ECPublicKeyParameters) PublicKeyFactory.createKey(spki);
        ECPrivateKeyParameters priv = new ECPrivateKeyParameters(d, pub.getParameters());
        ContentSigner signer = signer(priv, new ASN1ObjectIdentifier(signature), true);
        if (signature.equals(UAObjectIdentifiers.dstu4145le.getId())) {
            Signature provider = Signature.getInstance("GOST3411WITHDSTU4145LE", "BC");
            provider.initSign(pair.getPrivate());
            signer = new ContentSigner() {
                private final ByteArrayOutputStream data = new ByteArrayOutputStream();

                @Override
                public AlgorithmIdentifier getAlgorithmIdentifier() {
                    return new AlgorithmIdentifier(UAObjectIdentifiers.dstu4145le);
                }

                @Override
                public OutputStream getOutputStream() {
                    return data;
                }

                @Override
                public byte[] getSignature() {
                    try {
                        provider.update(data.toByteArray());
                        return provider.sign();
                    } catch (java.security.SignatureException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
        }
        return of(b.build(signer).getEncoded(), BigIntegers.asUnsignedByteArray(Curves.scalarSize(pub.getParameters()), d), id);
    }

    static void register() {
        // certificate DER ISSUER -> subject, serial, degree, point, key id, usage, path length, from, to (s); fails if not signed by ISSUER
        Partner.add("certificate", a -> read(a[0], a[1]));
        // issue CURVE-OID SIGNATURE-OID FROM TO (s) -> certificate, private scalar, key id
        Partner.add("issue", a -> issue(text(a[0]), text(a[1]), number(a[2]), number(a[3])));
        // request DER -> subject, degree, point; fails if the signature is wrong
        Partner.add("request", a -> {
            PKCS10CertificationRequest r = new PKCS10CertificationRequest(a[0]);
            if (!r.isSignatureValid(verifier(r.getSubjectPublicKeyInfo(), true))) {
                throw new IllegalArgumentException("signature does not fit");
            }
            ECPublicKeyParameters key = (ECPublicKeyParameters) PublicKeyFactory.createKey(r.getSubjectPublicKeyInfo());
            return of(text(r.getSubject()), text(key.getParameters().getCurve().getFieldSize()),
                DSTU4145PointEncoder.encodePoint(key.getQ()));
        });
    }
}
