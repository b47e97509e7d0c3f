//! One field of a cron expression, as the set of its values.
//!
//! AWS: "Cron expressions reference". What it leaves open is as in Quartz, whose notation this is: ranges may wrap around
//! (`20-2`, AWS's own example), `*/5` starts at the least value, and a step is at most as long as the field. Where AWS's
//! table of wildcards differs from Quartz's, it is right: there is no `/` among days of the week.

/// What a field may hold.
pub(super) struct Field {
    pub(super) min: u32,
    pub(super) max: u32,
    /// Names of the values from `min` on.
    pub(super) names: &'static [&'static str],
    /// Whether a range may go from the end on to the beginning.
    pub(super) wraps: bool,
}

pub(super) const MINUTES: Field = Field { min: 0, max: 59, names: &[], wraps: true };
pub(super) const HOURS: Field = Field { min: 0, max: 23, names: &[], wraps: true };
pub(super) const DAYS_OF_MONTH: Field = Field { min: 1, max: 31, names: &[], wraps: true };
pub(super) const MONTHS: Field = Field {
    min: 1,
    max: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    wraps: true,
};
pub(super) const DAYS_OF_WEEK: Field =
    Field { min: 1, max: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], wraps: true };
pub(super) const YEARS: Field = Field { min: 1970, max: 2199, names: &[], wraps: false };

/// The values a field takes, as bits counted from its least value. 230 years are the most there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Values {
    min: u32,
    bits: [u64; 4],
}

impl Values {
    fn none(min: u32) -> Self {
        Self { min, bits: [0; 4] }
    }

    fn add(&mut self, value: u32) {
        let at = value.saturating_sub(self.min);
        if let Some(word) = self.bits.get_mut(at as usize / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(super) fn has(&self, value: i64) -> bool {
        let Ok(at) = usize::try_from(value - i64::from(self.min)) else { return false };
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

impl Field {
    /// A list of values, ranges and steps.
    pub(super) fn parse(&self, text: &str) -> Option<Values> {
        let mut values = Values::none(self.min);
        for item in text.split(',') {
            self.item(item, &mut values)?;
        }
        Some(values)
    }

    /// `*`, `5`, `5-9`, and each of them with a step, `/2`. A single value with a step goes on to the end.
    fn item(&self, text: &str, values: &mut Values) -> Option<()> {
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(number(step)?)),
            None => (text, None),
        };
        let (first, last) = if range == "*" {
            (self.min, self.max)
        } else if let Some((first, last)) = range.split_once('-') {
            (self.value(first)?, self.value(last)?)
        } else {
            let value = self.value(range)?;
            (value, if step.is_some() { self.max } else { value })
        };
        let size = self.max - self.min + 1;
        let step = step.unwrap_or(1);
        let ordered = first <= last || self.wraps;
        if !ordered || step == 0 || step > self.max {
            return None;
        }
        let length = (last + size - first) % size;
        for offset in (0..=length).step_by(step as usize) {
            values.add(self.min + (first - self.min + offset) % size);
        }
        Some(())
    }

    /// A number, or a name in letters of either case.
    pub(super) fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(at) => self.min + u32::try_from(at).ok()?,
            None => number(text)?,
        };
        (self.min..=self.max).contains(&value).then_some(value)
    }
}

/// Digits, and not many of them.
pub(super) fn number(text: &str) -> Option<u32> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
