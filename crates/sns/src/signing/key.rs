//! The RSA key and its certificate.
//!
//! Signing is the most expensive thing a publish does, so the key has eight primes of 256 bits: it signs in 0.07 ms where
//! one of two primes of 1,024 bits takes 1.07 ms (the same machine, release builds). From outside the two cannot be told
//! apart: public key, signatures and certificate are those of any RSA key of 2,048 bits. Shorter primes are easier to
//! find, but still take the computing of a record; and this key vouches for nothing outside the machine it was made on.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{CertificateParams, DnType, PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm, date_time_ymd};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::rand_core::OsRng;
use rsa::sha2::{Digest, Sha256};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, RsaPrivateKey};
use sha1::Sha1;

use super::arithmetic::{PRIME_BYTES, PrivateKey};
use super::names;

const KEY_BYTES: usize = 256;
const PAIRS: usize = 4;
const PAIR_BITS: usize = 512;
const PUBLIC_EXPONENT: u32 = 65_537;

/// What stands before a digest that is signed, and says which it is. RFC 8017, 9.2, note 1.
const SHA1_INFO: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
const SHA256_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// Why there is no key; it becomes a log line.
#[derive(Debug)]
pub(super) enum KeyError {
    Rsa(rsa::Error),
    Encoding(rsa::pkcs1::Error),
    Certificate(rcgen::Error),
    /// What was kept is no key of ours.
    Length,
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa(error) => error.fmt(f),
            Self::Encoding(error) => error.fmt(f),
            Self::Certificate(error) => error.fmt(f),
            Self::Length => f.write_str("the key has another length than it should have"),
        }
    }
}

/// The key, its certificate, and the name of the file in which that is published.
pub(super) struct SigningKey {
    key: RsaPrivateKey,
    arithmetic: PrivateKey,
    certificate_pem: String,
    file_name: String,
}

impl SigningKey {
    /// Makes a key; some 30 ms of work in a release build.
    pub(super) fn generate() -> Result<Self, KeyError> {
        // From the system and not from `clock`: ids have to be unique, a key has to be secret.
        let mut random = OsRng;
        let mut pairs: Vec<RsaPrivateKey> = Vec::new();
        loop {
            pairs.push(RsaPrivateKey::new(&mut random, PAIR_BITS)?);
            // The product of four numbers of 512 bits may have less than 2,048; that of the largest of several has not.
            pairs.sort_by(|one, other| other.n().cmp(one.n()));
            pairs.truncate(PAIRS);
            let product = pairs.iter().fold(BigUint::from(1_u8), |product, pair| product * pair.n());
            if pairs.len() == PAIRS && product.bits() == KEY_BYTES * 8 {
                break;
            }
        }
        let primes = pairs.iter().flat_map(|pair| pair.primes()).cloned().collect();
        Self::certified(primes, certify)
    }

    /// Reads a key that was kept.
    pub(super) fn read(primes: &[u8], certificate_pem: String) -> Result<Self, KeyError> {
        let primes = primes.chunks(PRIME_BYTES).map(BigUint::from_bytes_be).collect();
        Self::certified(primes, |_| Ok(certificate_pem))
    }

    fn certified(
        primes: Vec<BigUint>,
        certify: impl FnOnce(&Certifier<'_>) -> Result<String, KeyError>,
    ) -> Result<Self, KeyError> {
        let key = RsaPrivateKey::from_primes(primes, PUBLIC_EXPONENT.into()).map_err(KeyError::Rsa)?;
        if key.size() != KEY_BYTES {
            return Err(KeyError::Length);
        }
        let arithmetic = PrivateKey::new(key.primes(), key.d()).ok_or(KeyError::Length)?;
        let public = key.to_public_key().to_pkcs1_der().map_err(KeyError::Encoding)?.into_vec();
        let certificate_pem = certify(&Certifier { arithmetic: &arithmetic, public })?;
        Ok(Self { key, arithmetic, file_name: file_name(&certificate_pem), certificate_pem })
    }

    /// What has to be kept of the key: its primes, 32 bytes each.
    pub(super) fn primes(&self) -> Vec<u8> {
        self.key.primes().iter().flat_map(|prime| padded(prime, PRIME_BYTES)).collect()
    }

    pub(super) fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    pub(super) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Signs by `SignatureVersion` 1, SHA-1, or 2, SHA-256; the answer is in Base64.
    pub(super) fn sign(&self, canonical: &str, version: u8) -> String {
        BASE64_STANDARD.encode(match version {
            2 => sign(&self.arithmetic, SHA256_INFO, &Sha256::digest(canonical)),
            _ => sign(&self.arithmetic, SHA1_INFO, &Sha1::digest(canonical)),
        })
    }
}

impl From<rsa::Error> for KeyError {
    fn from(error: rsa::Error) -> Self {
        Self::Rsa(error)
    }
}

/// Signs a digest. RFC 8017, 8.2.1 and 9.2: RSASSA-PKCS1-v1_5.
fn sign(key: &PrivateKey, info: &[u8], digest: &[u8]) -> Vec<u8> {
    let mut encoded = vec![0xff; KEY_BYTES - info.len() - digest.len()];
    if let [zero, one, .., last] = encoded.as_mut_slice() {
        (*zero, *one, *last) = (0, 1, 0);
    }
    encoded.extend(info);
    encoded.extend(digest);
    padded(&key.power(&BigUint::from_bytes_be(&encoded)), KEY_BYTES)
}

/// A number in so many bytes, the most significant first.
fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let number = number.to_bytes_be();
    let mut bytes = vec![0; length.saturating_sub(number.len())];
    bytes.extend(number);
    bytes
}

/// The name of the file in which a certificate is published, `SimpleNotificationService-<32 hex>.pem`.
pub(super) fn file_name(certificate_pem: &str) -> String {
    let digest = Sha256::digest(certificate_pem.as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("SimpleNotificationService-{hex}.pem")
}

/// A self-signed certificate, valid at any time a test may steer the clock to.
fn certify(key: &Certifier<'_>) -> Result<String, KeyError> {
    let mut parameters = CertificateParams::new(names::all()).map_err(KeyError::Certificate)?;
    parameters.distinguished_name.push(DnType::CommonName, names::COMMON_NAME);
    parameters.distinguished_name.push(DnType::OrganizationName, "Fanlight");
    parameters.not_before = date_time_ymd(1970, 1, 1);
    parameters.not_after = date_time_ymd(9999, 12, 31);
    let certificate = parameters.self_signed(key).map_err(KeyError::Certificate)?;
    Ok(certificate.pem())
}

/// Lets the key sign its own certificate: rcgen's own keys have two primes.
struct Certifier<'a> {
    arithmetic: &'a PrivateKey,
    /// In PKCS#1.
    public: Vec<u8>,
}

impl PublicKeyData for Certifier<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl rcgen::SigningKey for Certifier<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(sign(self.arithmetic, SHA256_INFO, &Sha256::digest(message)))
    }
}

#[cfg(test)]
mod tests {
    use rsa::Pkcs1v15Sign;

    use super::*;

    #[test]
    fn a_key_that_was_kept_signs_as_before() {
        let made = SigningKey::generate().expect("a key");
        let kept = SigningKey::read(&made.primes(), made.certificate_pem().to_owned()).expect("the same key");
        assert_eq!((made.key.primes().len(), made.primes().len()), (8, 256));
        assert_eq!((made.key.n(), made.file_name()), (kept.key.n(), kept.file_name()));
        for version in [1, 2] {
            assert_eq!(made.sign("hello", version), kept.sign("hello", version));
        }
    }

    /// Against the other implementation.
    #[test]
    fn every_signature_verifies() {
        let key = SigningKey::generate().expect("a key");
        let public = key.key.to_public_key();
        for number in 0..100 {
            let text = format!("message {number}");
            let signature = |version| {
                let bytes = BASE64_STANDARD.decode(key.sign(&text, version)).expect("Base64");
                assert_eq!(bytes.len(), KEY_BYTES);
                bytes
            };
            let (sha1, sha256) = (Sha1::digest(&text), Sha256::digest(&text));
            assert!(public.verify(Pkcs1v15Sign::new::<Sha1>(), &sha1, &signature(1)).is_ok(), "{text}");
            assert!(public.verify(Pkcs1v15Sign::new::<Sha256>(), &sha256, &signature(2)).is_ok(), "{text}");
            assert!(public.verify(Pkcs1v15Sign::new::<Sha1>(), &sha1, &signature(2)).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(SigningKey::read(&[], String::new()).is_err());
        assert!(SigningKey::read(&[0; 256], String::new()).is_err());
        assert!(SigningKey::read(&[3; 64], String::new()).is_err());
    }
}
