//! A point in time, in the spellings that the wire knows.
//!
//! Not here: the clock. Whoever has one hands in the milliseconds.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use chalice_rs_wire::Moment;
///
/// assert!(Moment::from_epoch_millis(1) > Moment::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment {
    /// The milliseconds.
    pub epoch_millis: u64,
}

impl Moment {
    /// The moment that many milliseconds after the epoch.
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    ///
    /// assert_eq!(Moment::from_epoch_millis(0).rfc3339().to_string(), "1970-01-01T00:00:00.000Z");
    /// ```
    pub const fn from_epoch_millis(epoch_millis: u64) -> Self {
        Self { epoch_millis }
    }

    /// As log records have it, and sorts: `2026-07-10T19:19:05.042Z` (RFC 3339).
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    ///
    /// let moment = Moment::from_epoch_millis(1_783_711_145_042);
    /// assert_eq!(moment.rfc3339().to_string(), "2026-07-10T19:19:05.042Z");
    /// ```
    pub fn rfc3339(self) -> impl fmt::Display {
        let (date, clock, millis) = (self.date(), self.clock(), self.epoch_millis % 1000);
        fmt::from_fn(move |f| {
            write!(f, "{:04}-{:02}-{:02}T", date.year, date.month, date.day)?;
            write!(f, "{:02}:{:02}:{:02}.{millis:03}Z", clock.hour, clock.minute, clock.second)
        })
    }

    /// As API Gateway puts it in an event: `10/Jul/2026:19:19:05 +0000`.
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    ///
    /// let moment = Moment::from_epoch_millis(1_783_711_145_042);
    /// assert_eq!(moment.common_log().to_string(), "10/Jul/2026:19:19:05 +0000");
    /// ```
    pub fn common_log(self) -> impl fmt::Display {
        let (date, clock) = (self.date(), self.clock());
        fmt::from_fn(move |f| {
            write!(f, "{:02}/{}/{:04}:", date.day, MONTHS[date.month as usize - 1], date.year)?;
            write!(f, "{:02}:{:02}:{:02} +0000", clock.hour, clock.minute, clock.second)
        })
    }

    /// As HTTP's `date` header has it: `Fri, 10 Jul 2026 19:19:05 GMT`.
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    ///
    /// let moment = Moment::from_epoch_millis(1_783_711_145_042);
    /// assert_eq!(moment.http_date().to_string(), "Fri, 10 Jul 2026 19:19:05 GMT");
    /// ```
    pub fn http_date(self) -> impl fmt::Display {
        /// 1970 began on a Thursday.
        const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let weekday = WEEKDAYS[(self.epoch_millis / 86_400_000 % 7) as usize];
        let (date, clock) = (self.date(), self.clock());
        fmt::from_fn(move |f| {
            write!(f, "{weekday}, {:02} {} {:04} ", date.day, MONTHS[date.month as usize - 1], date.year)?;
            write!(f, "{:02}:{:02}:{:02} GMT", clock.hour, clock.minute, clock.second)
        })
    }

    fn clock(self) -> Clock {
        let seconds = self.epoch_millis / 1000 % 86_400;
        Clock { hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60 }
    }

    /// The Gregorian date. Years are counted from March, so that the leap day is a year's last, and
    /// from the year 0, where a cycle of 400 years begins.
    fn date(self) -> Date {
        const DAYS_FROM_MARCH_0_TO_EPOCH: u64 = 719_468;
        const DAYS_PER_CYCLE: u64 = 146_097;
        let days = self.epoch_millis / 86_400_000 + DAYS_FROM_MARCH_0_TO_EPOCH;
        let (cycle, day) = (days / DAYS_PER_CYCLE, days % DAYS_PER_CYCLE);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        Date { year: cycle * 400 + year + u64::from(month <= 2), month, day }
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

struct Clock {
    hour: u64,
    minute: u64,
    second: u64,
}

struct Date {
    year: u64,
    month: u64,
    day: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(epoch_seconds: u64, rfc3339: &str) {
        let moment = Moment::from_epoch_millis(epoch_seconds * 1000 + 7);
        assert_eq!(moment.rfc3339().to_string(), format!("{rfc3339}.007Z"));
    }

    #[test]
    fn dates_around_leap_days_and_year_ends_are_right() {
        check(0, "1970-01-01T00:00:00");
        check(951_782_399, "2000-02-28T23:59:59");
        check(951_782_400, "2000-02-29T00:00:00");
        check(951_868_800, "2000-03-01T00:00:00");
        check(1_709_164_800, "2024-02-29T00:00:00");
        check(1_735_689_599, "2024-12-31T23:59:59");
        check(1_735_689_600, "2025-01-01T00:00:00");
        check(4_107_542_399, "2100-02-28T23:59:59");
        check(4_107_542_400, "2100-03-01T00:00:00");
    }

    #[test]
    fn a_day_of_one_digit_is_padded() {
        let moment = Moment::from_epoch_millis(951_868_800_000);
        assert_eq!(moment.common_log().to_string(), "01/Mar/2000:00:00:00 +0000");
    }
}
