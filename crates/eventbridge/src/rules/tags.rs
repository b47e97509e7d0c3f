//! Tags. AWS: API_TagResource.

use std::collections::BTreeSet;

use failure::Failure;
use service::Error;

use crate::api::types::Tag;
use crate::errors::parameter_not_valid_because;
use crate::ledger::Ledger;
use crate::store::tags;

const TAGS_MAX: usize = 50;

/// Checks the tags of one request.
pub(crate) fn check(tags: &[Tag]) -> Result<(), Error> {
    let keys: BTreeSet<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
    if keys.len() < tags.len() {
        return Err(parameter_not_valid_because("Tags", "Duplicate keys are not allowed."));
    }
    if keys.iter().any(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Err(parameter_not_valid_because("Tags", "Tag keys cannot start with aws:."));
    }
    if tags.len() > TAGS_MAX { Err(too_many()) } else { Ok(()) }
}

fn too_many() -> Error {
    parameter_not_valid_because("Tags", "A resource has at most 50 tags.")
}

impl Ledger<'_> {
    /// Adds tags to a resource that is there.
    pub(crate) fn tag(&mut self, arn: &str, added: &[Tag]) -> Result<(), Failure> {
        let known = tags::select(self.tx, arn)?;
        let new = added.iter().filter(|tag| known.iter().all(|(key, _)| *key != tag.key)).count();
        if known.len() + new > TAGS_MAX {
            return Err(too_many().into());
        }
        for tag in added {
            tags::upsert(self.tx, arn, &tag.key, &tag.value)?;
        }
        Ok(())
    }
}
