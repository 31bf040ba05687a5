//! The figures, the target of each, and the table that shows both.

use serde_json::{Map, Value, json};

use super::app::Subject;

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    /// Its name in JSON.
    key: &'static str,
    title: &'static str,
    unit: Unit,
    /// The most that ours may be, as a share of the usual choice's.
    target: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Count,
    Micros,
    Seconds,
    Kilobytes,
    Bytes,
}

const fn figure(key: &'static str, title: &'static str, unit: Unit, target: Option<f64>) -> Figure {
    Figure { key, title, unit, target }
}

pub(crate) const WARM_HELLO: Figure =
    figure("instructions_warm_hello", "instructions, warm hello", Unit::Count, Some(0.11));
pub(crate) const WARM_ROUTES: Figure =
    figure("instructions_57th_of_100_routes", "instructions, 57th of 100 routes", Unit::Count, Some(0.11));
pub(crate) const WARM_ECHO_1K: Figure =
    figure("instructions_echo_1kb", "instructions, 1 KB JSON echo", Unit::Count, Some(0.18));
pub(crate) const WARM_ECHO_64K: Figure =
    figure("instructions_echo_64kb", "instructions, 64 KB JSON echo", Unit::Count, Some(0.60));
pub(crate) const COLD_HELLO: Figure =
    figure("instructions_cold_hello", "instructions, cold process, 1 request", Unit::Count, Some(0.10));
pub(crate) const COLD_ROUTES: Figure =
    figure("instructions_cold_100_routes", "instructions, the same, 100 routes", Unit::Count, Some(0.08));
pub(crate) const WARM_CHAIN: Figure =
    figure("instructions_5_middlewares", "instructions, five middlewares", Unit::Count, None);
pub(crate) const COLD_STATE: Figure =
    figure("instructions_cold_state", "instructions, cold process with state", Unit::Count, Some(0.10));
pub(crate) const CPU_TO_INIT: Figure = figure("cpu_to_init", "CPU to first `next`", Unit::Micros, Some(0.20));
pub(crate) const TIME_TO_INIT: Figure = figure("time_to_init", "time to first `next`", Unit::Micros, None);
pub(crate) const CPU_WARM: Figure = figure("cpu_warm_hello", "CPU, warm hello", Unit::Micros, None);
pub(crate) const ROUND_TRIP: Figure =
    figure("round_trip_warm_hello", "round trip, warm hello", Unit::Micros, None);
pub(crate) const PEAK_MEMORY: Figure = figure("peak_memory", "peak memory", Unit::Kilobytes, Some(0.16));
pub(crate) const ZIP: Figure = figure("zip", "zip", Unit::Kilobytes, Some(0.25));
pub(crate) const CRATES: Figure = figure("crates", "crates in the tree", Unit::Count, Some(0.27));
pub(crate) const CLEAN_BUILD: Figure =
    figure("clean_release_build", "clean release build", Unit::Seconds, Some(0.25));
pub(crate) const ONE_LINE: Figure =
    figure("one_line_changed", "one line changed → release", Unit::Seconds, Some(0.20));
pub(crate) const THOUSAND_ROUTES: Figure =
    figure("release_1000_routes", "1,000 routes → release", Unit::Seconds, Some(0.25));
pub(crate) const CHECK_THOUSAND_ROUTES: Figure =
    figure("check_1000_routes", "1,000 routes, `cargo check`", Unit::Seconds, Some(1.0));
pub(crate) const GROWTH: Figure =
    figure("zip_growth_per_route", "zip growth per route", Unit::Bytes, Some(0.3));

/// All that was measured in one run.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<(Figure, [Option<f64>; Subject::ALL.len()])>,
}

impl Table {
    /// Notes one value; a figure's line appears where it was first noted.
    pub(crate) fn note(&mut self, figure: Figure, subject: Subject, value: f64) {
        let column = Subject::ALL.iter().position(|other| *other == subject).unwrap_or_default();
        if let Some((_, values)) = self.rows.iter_mut().find(|(other, _)| *other == figure) {
            values[column] = Some(value);
            return;
        }
        let mut values = [None; Subject::ALL.len()];
        values[column] = Some(value);
        self.rows.push((figure, values));
    }

    /// The titles of the figures that miss their target.
    pub(crate) fn missed(&self) -> Vec<&'static str> {
        self.rows.iter().filter(|row| verdict(row) == "MISSED").map(|(figure, _)| figure.title).collect()
    }

    /// For people: columns that line up.
    pub(crate) fn text(&self) -> String {
        let lines = self.lines();
        let widths: Vec<usize> = (0..lines[0].len())
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default())
            .collect();
        let mut text = String::new();
        for line in &lines {
            for (column, cell) in line.iter().enumerate() {
                let width = widths[column];
                // The first column is words, the others are numbers.
                text += &if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }

    /// For a document.
    pub(crate) fn markdown(&self) -> String {
        let lines = self.lines();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            text += &format!("| {} |\n", line.join(" | "));
            if number == 0 {
                text += &format!("|---|{}\n", "---:|".repeat(line.len() - 1));
            }
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let figures = self.rows.iter().map(|row| {
            let (figure, values) = row;
            let values: Map<String, Value> = Subject::ALL
                .iter()
                .zip(values)
                .map(|(subject, value)| (subject.title().to_owned(), json!(value)))
                .collect();
            let met = match verdict(row) {
                "ok" => Some(true),
                "MISSED" => Some(false),
                _ => None,
            };
            json!({
                "figure": figure.key,
                "unit": figure.unit.name(),
                "values": values,
                "ratio": ratio(row),
                "target": figure.target,
                "met": met,
            })
        });
        json!({ "figures": figures.collect::<Vec<_>>() })
    }

    fn lines(&self) -> Vec<Vec<String>> {
        let mut head = vec!["figure".to_owned()];
        head.extend(Subject::ALL.iter().map(|subject| subject.title().to_owned()));
        head.extend(["ratio", "target", ""].map(str::to_owned));
        let mut lines = vec![head];
        for row in &self.rows {
            let (figure, values) = row;
            let mut line = vec![format!("{}{}", figure.title, figure.unit.suffix())];
            line.extend(
                values.iter().map(|value| value.map_or("–".to_owned(), |value| figure.unit.show(value))),
            );
            line.push(ratio(row).map_or("–".to_owned(), |ratio| format!("{ratio:.3}")));
            line.push(figure.target.map_or(String::new(), |target| format!("≤ {target}")));
            line.push(verdict(row).to_owned());
            lines.push(line);
        }
        lines
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Micros => "microseconds",
            Self::Seconds => "seconds",
            Self::Kilobytes => "kilobytes",
            Self::Bytes => "bytes",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Micros => ", µs",
            Self::Seconds => ", s",
            Self::Kilobytes => ", KB",
            Self::Bytes => ", bytes",
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Self::Count | Self::Kilobytes | Self::Bytes => grouped(value.round() as i64),
            Self::Micros if value >= 100.0 => grouped(value.round() as i64),
            Self::Micros | Self::Seconds => format!("{value:.1}"),
        }
    }
}

type Row = (Figure, [Option<f64>; Subject::ALL.len()]);

/// Ours, as it is deployed, to the usual choice.
fn ratio((_, values): &Row) -> Option<f64> {
    let [usual, .., ours] = values;
    Some((*ours)? / (*usual)?)
}

fn verdict(row: &Row) -> &'static str {
    match (ratio(row), row.0.target) {
        (Some(ratio), Some(target)) if ratio <= target => "ok",
        (Some(_), Some(_)) => "MISSED",
        _ => "",
    }
}

/// Thousands apart, so that large numbers can be compared at a glance.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(usual: f64, ours: f64) -> Table {
        let mut table = Table::default();
        table.note(WARM_HELLO, Subject::Usual, usual);
        table.note(WARM_HELLO, Subject::OursStatic, ours);
        table
    }

    #[test]
    fn the_ratio_is_ours_as_deployed_to_the_usual_choice() {
        let markdown = table(304_700.0, 28_600.0).markdown();
        let line = markdown.lines().last().unwrap_or_default();
        assert_eq!(line, "| instructions, warm hello | 304,700 | – | – | 28,600 | 0.094 | ≤ 0.11 | ok |");
    }

    #[test]
    fn a_figure_above_its_target_is_named() {
        assert_eq!(table(100.0, 12.0).missed(), ["instructions, warm hello"]);
        assert_eq!(table(100.0, 11.0).missed(), Vec::<&str>::new());
    }
}
