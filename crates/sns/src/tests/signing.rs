//! Signatures: their key is made once and kept, and where its certificate is said to be.

use aws::Region;
use failure::Failure;

use super::world::World;
use crate::signing::{Place, Signature};
use crate::{CertUrl, Options};

fn sign(world: &World, region: &str) -> Signature {
    let region = Region::parse(region).unwrap();
    let place = Place { region: &region, base_url: "http://localhost:4566" };
    world.run(world.sns.signer.sign("Message\nhello\n", 1, place)).unwrap()
}

fn file_name(signature: &Signature) -> &str {
    signature.cert_url.rsplit('/').next().unwrap()
}

#[test]
fn the_certificate_is_where_the_signature_says() {
    for (cert_url, region, prefix) in [
        (CertUrl::Aws, "eu-west-1", "https://sns.eu-west-1.amazonaws.com/"),
        (CertUrl::Aws, "cn-north-1", "https://sns.cn-north-1.amazonaws.com.cn/"),
        (CertUrl::Local, "eu-west-1", "http://localhost:4566/"),
        (CertUrl::Host("example.com".to_owned()), "eu-west-1", "https://example.com/"),
    ] {
        let world = World::with(Options { cert_url, ..Options::default() });
        let signature = sign(&world, region);
        assert!(signature.cert_url.starts_with(prefix), "{}", signature.cert_url);
        let pem = world.run(world.sns.certificate_pem(file_name(&signature))).unwrap();
        assert!(pem.unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
        let other = format!("SimpleNotificationService-{}.pem", "0".repeat(32));
        assert_eq!(world.run(world.sns.certificate_pem(&other)).unwrap(), None);
    }
}

#[test]
fn the_key_is_made_once_and_kept() {
    let mut world = World::new();
    let region = Region::default();
    let place = Place { region: &region, base_url: "" };
    let signer = world.sns.signer.clone();
    let two = async { tokio::join!(signer.sign("a", 2, place), signer.sign("a", 2, place)) };
    let (one, other) = world.run(two);
    let before = one.unwrap();
    assert_eq!(before, other.unwrap());
    drop(signer);
    world.restart();
    let after = world.run(world.sns.signer.sign("a", 2, place)).unwrap();
    assert_eq!(before, after);
}

#[test]
fn a_key_that_was_rolled_back_is_forgotten() {
    let world = World::new();
    let sign_within = |fails: bool| {
        let signer = world.sns.signer.clone();
        world.run(world.sns.write(move |ledger| {
            let region = Region::default();
            let place = Place { region: &region, base_url: "" };
            let signature = signer.sign_within(ledger.tx, "a", 1, place)?;
            if fails { Err(Failure::from(crate::errors::topic_does_not_exist())) } else { Ok(signature) }
        }))
    };
    assert!(sign_within(true).is_err());
    let first = sign_within(false).unwrap();
    assert_eq!(sign_within(false).unwrap(), first);
    let region = Region::default();
    let place = Place { region: &region, base_url: "" };
    assert_eq!(world.run(world.sns.signer.sign("a", 1, place)).unwrap(), first);
    assert!(world.run(world.sns.certificate_pem(file_name(&first))).unwrap().is_some());
}
