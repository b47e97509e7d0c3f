//! The rule that fills an archive. AWS makes one for each, shows it with the others of the bus and lets nobody change it.
//! So an archive costs what a rule costs: events are matched once against both.

use failure::Failure;

use crate::api::types::{InputTransformer, Target as GivenTarget};
use crate::errors::already_exists;
use crate::ledger::Ledger;
use crate::registry::Target;
use crate::store::archives::ArchiveRow;
use crate::store::rules::{self, RuleRow};
use crate::store::{tags, targets};

/// The service that fills archives, by the name AWS shows.
const MANAGED_BY: &str = "prod.vhs.events.aws.internal";

/// AWS: API_CreateArchive, "Replayed events are not sent to an archive."
const NOT_REPLAYED: &str = r#""replay-name":[{"exists":false}]"#;

/// The rule's name. That an archive's is 16 letters shorter than a rule's leaves room for what stands before it.
pub(crate) fn rule_name(archive: &str) -> String {
    format!("Events-Archive-{archive}")
}

/// The rule's pattern: the archive's, and no replayed events. The archive's text stays as it is, for a pattern may say
/// things no JSON tree can hold, the same key twice among them.
pub(crate) fn pattern(of_archive: Option<&str>) -> String {
    let members = of_archive.and_then(|text| text.trim_start().strip_prefix('{')).unwrap_or("}");
    let comma = if members.trim_start().starts_with('}') { "" } else { "," };
    format!("{{{NOT_REPLAYED}{comma}{members}")
}

/// What the rule sends its events to; it is nothing that could be called.
fn target(archive: &ArchiveRow) -> GivenTarget {
    let template = format!(
        r#"{{"archive-arn": "{}", "event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>}}"#,
        archive.name.archive_arn()
    );
    GivenTarget {
        id: rule_name(&archive.name.name),
        arn: format!("arn:aws:events:{}:::", archive.name.region),
        input_transformer: Some(InputTransformer { input_template: template, ..Default::default() }),
        ..Default::default()
    }
}

impl Ledger<'_> {
    /// Adds the rule of an archive, or changes it.
    pub(super) fn put_managed_rule(&mut self, archive: &ArchiveRow) -> Result<(), Failure> {
        let (name, bus) = (rule_name(&archive.name.name), archive.bus_id);
        let row = match self.bus(bus)?.rules.get(&name) {
            Some(rule) if rule.row.managed_by.is_none() => return Err(already_exists("Rule", &name).into()),
            Some(rule) => {
                RuleRow { event_pattern: Some(pattern(archive.event_pattern.as_deref())), ..rule.row.clone() }
            }
            None => RuleRow {
                id: 0,
                bus_id: bus,
                name: name.clone(),
                description: None,
                event_pattern: Some(pattern(archive.event_pattern.as_deref())),
                schedule: None,
                state: "ENABLED".to_owned(),
                role_arn: None,
                managed_by: Some(MANAGED_BY.to_owned()),
                created_by: archive.name.account.to_string(),
                created_at_ms: self.now_ms(),
                fires_at_ms: None,
            },
        };
        let id = if row.id == 0 {
            rules::insert(self.tx, &row)?
        } else {
            rules::update(self.tx, &row)?;
            row.id
        };
        let target = target(archive);
        targets::upsert(self.tx, id, &target)?;
        self.replace_rule(bus, RuleRow { id, ..row })?;
        let bus = self.bus_mut(bus)?;
        if let Some(rule) = bus.rules.get_mut(&name) {
            rule.targets.insert(target.id.clone(), Target::new(target));
        }
        bus.archives.insert(name, archive.id);
        Ok(())
    }

    /// Removes the rule of an archive, if it is there.
    pub(super) fn remove_managed_rule(&mut self, archive: &ArchiveRow) -> Result<(), Failure> {
        let name = rule_name(&archive.name.name);
        // With `Force`, somebody may have deleted rule and bus.
        if !self.registry.by_id.contains_key(&archive.bus_id) {
            return Ok(());
        }
        let bus = self.bus_mut(archive.bus_id)?;
        bus.archives.remove(&name);
        let Some(rule) = bus.take_rule(&name) else { return Ok(()) };
        targets::delete_of_rule(self.tx, rule.row.id)?;
        tags::delete_of(self.tx, &rule.arn)?;
        Ok(rules::delete(self.tx, rule.row.id)?)
    }

    /// Whether an archive gets events.
    pub(crate) fn archive_state(&self, archive: &ArchiveRow) -> String {
        let bus = self.registry.by_id.get(&archive.bus_id);
        let rule = bus.and_then(|bus| bus.rules.get(&rule_name(&archive.name.name)));
        let fills = rule.is_some_and(|rule| rule.row.is_enabled() && !rule.targets.is_empty());
        if fills { "ENABLED" } else { "DISABLED" }.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn replayed_events_are_kept_out_of_any_pattern() {
        for (of_archive, expected) in [
            (None, r#"{"replay-name":[{"exists":false}]}"#),
            (Some(r#"{ }"#), r#"{"replay-name":[{"exists":false}] }"#),
            (
                Some(r#" {"source": ["x"]} tail"#),
                r#"{"replay-name":[{"exists":false}],"source": ["x"]} tail"#,
            ),
        ] {
            assert_eq!(pattern(of_archive), expected);
        }
        for text in [r#"{"source":["a"]}"#, r#"{"$or":[{"source":["a"]},{"account":["b"]}]} tail"#] {
            assert!(::pattern::Pattern::compile(&pattern(Some(text))).is_ok(), "{text}");
        }
    }
}
