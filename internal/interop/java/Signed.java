package interop;

import static interop.Partner.number;
import static interop.Partner.text;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.util.CollectionStore;

/** SignedData. The finders of bcpkix know no Ukrainian algorithms, so names are object identifiers here. */
final class Signed {
    private static final class Calculator implements DigestCalculator {
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private final AlgorithmIdentifier id;

        Calculator(AlgorithmIdentifier id) {
            this.id = id;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return id;
        }

        @Override
        public OutputStream getOutputStream() {
            return data;
        }

        @Override
        public byte[] getDigest() {
            return Primitives.hash(Certificates.digest(id.getAlgorithm(), Primitives.DKE1), data.toByteArray());
        }
    }

    private static final DigestCalculatorProvider DIGESTS = Calculator::new;

    private Signed() {}

    private static X509CertificateHolder certificate(CMSSignedData message, SignerInformation signer, byte[] extra) throws Exception {
        @SuppressWarnings("unchecked")
        Iterator<X509CertificateHolder> found = message.getCertificates().getMatches(signer.getSID()).iterator();
        return found.hasNext() ? found.next() : new X509CertificateHolder(extra);
    }

    /** Content, then for each signer the subject of its certificate; fails if one signature is wrong. */
    private static byte[][] verify(byte[] der, byte[] content, byte[] extra) throws Exception {
        CMSSignedData message = content == null ? new CMSSignedData(der) : new CMSSignedData(new CMSProcessableByteArray(content), der);
        List<byte[]> out = new ArrayList<>();
        out.add((byte[]) message.getSignedContent().getContent());
        for (SignerInformation signer : message.getSignerInfos().getSigners()) {
            X509CertificateHolder cert = certificate(message, signer, extra);
            SignerInformationVerifier verifier = new SignerInformationVerifier((digest, signature) -> signature.getAlgorithm().getId(),
                name -> new AlgorithmIdentifier(new ASN1ObjectIdentifier(name)),
                Certificates.verifier(cert.getSubjectPublicKeyInfo(), false), DIGESTS);
            if (!signer.verify(verifier)) {
                throw new IllegalArgumentException("signature of " + cert.getSubject() + " does not fit");
            }
            out.add(text(cert.getSubject()));
        }
        return out.toArray(new byte[0][]);
    }

    private static byte[] sign(byte[] certificate, int degree, byte[] d, String signature, String digest, byte[] content, boolean detached)
            throws Exception {
        X509CertificateHolder cert = new X509CertificateHolder(certificate);
        SignerInfoGenerator info = new SignerInfoGeneratorBuilder(DIGESTS)
            .setContentDigest(new AlgorithmIdentifier(new ASN1ObjectIdentifier(digest)))
            .build(Certificates.signer(Curves.priv(Curves.byDegree(degree), d), new ASN1ObjectIdentifier(signature), false), cert);
        CMSSignedDataGenerator g = new CMSSignedDataGenerator();
        g.addSignerInfoGenerator(info);
        g.addCertificates(new CollectionStore<>(Collections.singletonList(cert)));
        return g.generate(new CMSProcessableByteArray(content), !detached).getEncoded();
    }

    static void register() {
        // signed DER CONTENT CERTIFICATE -> content, subjects of the signers
        Partner.add("signed", a -> verify(a[0], a[1], a[2]));
        // signcms CERTIFICATE DEGREE D SIGNATURE-OID DIGEST-OID CONTENT DETACHED -> ContentInfo
        Partner.add("signcms", a -> Partner.of(sign(a[0], number(a[1]), a[2], text(a[3]), text(a[4]), a[5], a[6] != null)));
    }
}
