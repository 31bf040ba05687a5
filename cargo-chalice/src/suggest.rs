//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, when one is near enough to be what was meant.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&fold(word), &fold(candidate)), candidate))
        // A third of the letters wrong is still a typo; more is another word.
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.len().min(word.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" when something is near, else "use one of `x`, `y`".
pub fn help(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("use one of {}", list(candidates)),
    }
}

/// The words, each in backticks, with commas between.
pub fn list(words: &[impl AsRef<str>]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Case and the kind of dash are never what was meant.
fn fold(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_answered_with_the_word_and_another_word_with_the_list() {
        let keys = ["memory", "timeout", "log-retention"];
        assert_eq!(help("memroy", &keys), "did you mean `memory`?");
        assert_eq!(help("log_retention", &keys), "did you mean `log-retention`?");
        assert_eq!(help("Timeout", &keys), "did you mean `timeout`?");
        assert_eq!(help("runtime", &keys), "use one of `memory`, `timeout`, `log-retention`");
    }
}
