package dev.berth.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * A P-256 key and a certificate that it signed itself, both a function of a seed: with fixed name, number and dates, and a
 * signature without randomness (RFC 6979). Java can neither find the public key of a private one nor write a certificate.
 */
final class ClusterCertificate {
    private static final ECDomainParameters P256 = ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1);
    private static final AlgorithmIdentifier ECDSA_WITH_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private static final X500Name NAME = new X500Name("CN=berth cluster");

    private final Buffer key;
    private final Buffer certificate;

    private ClusterCertificate(Buffer key, Buffer certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** @param seed 48 random bytes: half as many again as the curve's order has make every key as likely as any other */
    static ClusterCertificate of(byte[] seed) {
        BigInteger number = new BigInteger(1, seed)
                .mod(P256.getN().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        ECPrivateKeyParameters key = new ECPrivateKeyParameters(number, P256);
        try {
            TBSCertificate content =
                    content(new ECPublicKeyParameters(P256.getG().multiply(number), P256));
            return new ClusterCertificate(
                    pem("PRIVATE KEY", PrivateKeyInfoFactory.createPrivateKeyInfo(key)),
                    pem(
                            "CERTIFICATE",
                            sequence(content, ECDSA_WITH_SHA256, new DERBitString(signature(content, key)))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KeyCertOptions shown() {
        return new PemKeyCertOptions().addKeyValue(key).addCertValue(certificate);
    }

    TrustOptions trusted() {
        return new PemTrustOptions().addCertValue(certificate);
    }

    private static TBSCertificate content(ECPublicKeyParameters key) throws IOException {
        SubjectPublicKeyInfo info = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key);
        V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
        content.setSerialNumber(new ASN1Integer(1));
        content.setIssuer(NAME);
        content.setSubject(NAME);
        content.setStartDate(new Time(new ASN1GeneralizedTime("19700101000000Z")));
        // "No well-defined expiration date" (RFC 5280, 4.1.2.5): it lasts as long as its secret.
        content.setEndDate(new Time(new ASN1GeneralizedTime("99991231235959Z")));
        content.setSubjectPublicKeyInfo(info);
        content.setSignature(ECDSA_WITH_SHA256);
        return content.generateTBSCertificate();
    }

    private static byte[] signature(TBSCertificate content, ECPrivateKeyParameters key) throws IOException {
        byte[] bytes = content.getEncoded(ASN1Encoding.DER);
        SHA256Digest digest = new SHA256Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] pair = signer.generateSignature(hash);
        return sequence(new ASN1Integer(pair[0]), new ASN1Integer(pair[1])).getEncoded(ASN1Encoding.DER);
    }

    private static DERSequence sequence(ASN1Object... parts) {
        return new DERSequence(parts);
    }

    private static Buffer pem(String what, ASN1Object content) throws IOException {
        return Buffer.buffer("-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content.getEncoded(ASN1Encoding.DER)) + "\n-----END " + what
                + "-----\n");
    }
}
