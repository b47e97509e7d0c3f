//! The buses as memory holds them: rows, rules with compiled patterns, targets.
//!
//! Everything here is derived from the store and guarded by one lock. A job that changes a bus here and then does not
//! commit marks the bus *stale*; the next job reads it from the store again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws::Arn;
use pattern::{Pattern, RuleSet};
use storage::Sql;

use crate::api::types;
use crate::archives::managed_rule;
use crate::rules::bus_name::BusKey;
use crate::rules::target;
use crate::store::archives;
use crate::store::buses::{self, BusRow};
use crate::store::rules::{self, RuleRow};
use crate::store::targets;
use crate::transform::InputShape;

/// A bus as memory holds it.
pub(crate) struct Bus {
    pub(crate) row: BusRow,
    pub(crate) arn: String,
    /// By name.
    pub(crate) rules: BTreeMap<String, Rule>,
    /// The patterns of the enabled rules, by the rules' names.
    pub(crate) patterns: RuleSet<String>,
    /// The archives it fills, by the names of the rules that fill them.
    pub(crate) archives: BTreeMap<String, i64>,
}

/// A rule as memory holds it.
pub(crate) struct Rule {
    pub(crate) row: RuleRow,
    pub(crate) arn: String,
    pub(crate) pattern: Option<Pattern>,
    /// By id.
    pub(crate) targets: BTreeMap<String, Target>,
}

/// A target as memory holds it.
pub(crate) struct Target {
    /// As the API gives it.
    pub(crate) given: types::Target,
    pub(crate) arn: Option<Arn>,
    /// What it gets of an event. A target was checked before it was kept.
    pub(crate) shape: Option<InputShape>,
}

impl Bus {
    pub(crate) fn new(row: BusRow) -> Self {
        Self {
            arn: row.key.arn(),
            rules: BTreeMap::new(),
            patterns: RuleSet::new(),
            archives: BTreeMap::new(),
            row,
        }
    }

    /// Adds a rule, or replaces the one of its name.
    pub(crate) fn put_rule(&mut self, rule: Rule) {
        let name = rule.row.name.clone();
        self.patterns.remove(&name);
        if let Some(pattern) = rule.pattern.as_ref().filter(|_| rule.row.is_enabled()) {
            self.patterns.insert(name.clone(), pattern);
        }
        self.rules.insert(name, rule);
    }

    /// Removes a rule.
    pub(crate) fn take_rule(&mut self, name: &str) -> Option<Rule> {
        let rule = self.rules.remove(name)?;
        self.patterns.remove(&rule.row.name);
        Some(rule)
    }
}

impl Rule {
    /// A rule without targets. A pattern was checked before it was kept.
    pub(crate) fn new(bus: &BusKey, row: RuleRow) -> Self {
        let pattern = row.event_pattern.as_deref().and_then(|text| Pattern::compile(text).ok());
        Self { arn: bus.rule_arn(&row.name), pattern, targets: BTreeMap::new(), row }
    }
}

impl Target {
    pub(crate) fn new(given: types::Target) -> Self {
        Self { arn: Arn::parse(&given.arn), shape: target::shape(&given).ok(), given }
    }
}

/// All buses.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) by_id: BTreeMap<i64, Bus>,
    pub(crate) by_key: HashMap<BusKey, i64>,
    /// Buses to be read again before anyone looks at them.
    pub(crate) stale: BTreeSet<i64>,
}

/// The registry behind its lock.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Registry>);

impl Shared {
    /// Takes the lock. A job that panicked has marked what it changed as stale, so a poisoned lock is no harm.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    /// Reads everything from the store.
    pub(crate) fn load(sql: &impl Sql) -> Result<Self, storage::Error> {
        let mut registry = Self::default();
        registry.add(sql, |_| true)?;
        Ok(registry)
    }

    /// Reads the stale buses again.
    pub(crate) fn refresh(&mut self, sql: &impl Sql) -> Result<(), storage::Error> {
        if self.stale.is_empty() {
            return Ok(());
        }
        let stale = std::mem::take(&mut self.stale);
        for id in &stale {
            self.take(*id);
        }
        let added = self.add(sql, |id| stale.contains(&id));
        if added.is_err() {
            self.stale = stale;
        }
        added
    }

    fn add(&mut self, sql: &impl Sql, wanted: impl Fn(i64) -> bool) -> Result<(), storage::Error> {
        let mut of_rule: HashMap<i64, Vec<types::Target>> = HashMap::new();
        for (rule, target) in targets::select_all(sql)? {
            of_rule.entry(rule).or_default().push(target);
        }
        for row in buses::select_all(sql)?.into_iter().filter(|row| wanted(row.id)) {
            self.put(Bus::new(row));
        }
        for row in rules::select_all(sql)?.into_iter().filter(|row| wanted(row.bus_id)) {
            let Some(bus) = self.by_id.get_mut(&row.bus_id) else { continue };
            let targets = of_rule.remove(&row.id).unwrap_or_default();
            let mut rule = Rule::new(&bus.row.key, row);
            rule.targets = targets.into_iter().map(|given| (given.id.clone(), Target::new(given))).collect();
            bus.put_rule(rule);
        }
        for row in archives::select_all(sql)?.into_iter().filter(|row| wanted(row.bus_id)) {
            let Some(bus) = self.by_id.get_mut(&row.bus_id) else { continue };
            bus.archives.insert(managed_rule::rule_name(&row.name.name), row.id);
        }
        Ok(())
    }

    /// Adds a bus.
    pub(crate) fn put(&mut self, bus: Bus) {
        self.by_key.insert(bus.row.key.clone(), bus.row.id);
        self.by_id.insert(bus.row.id, bus);
    }

    /// Removes a bus with its rules.
    pub(crate) fn take(&mut self, id: i64) -> Option<Bus> {
        let bus = self.by_id.remove(&id)?;
        if self.by_key.get(&bus.row.key) == Some(&id) {
            self.by_key.remove(&bus.row.key);
        }
        Some(bus)
    }
}
