//! One pass over JSON that borrows every string without escapes.
//!
//! The caller says what each field is. `null` stands for an absent value everywhere. Control characters
//! within a string are taken as they are, although JSON would have them escaped.

use std::borrow::Cow;

use super::word;

/// A place in JSON text, moving forward.
pub(crate) struct Reader<'j> {
    text: &'j str,
    at: usize,
}

/// What was expected at a place where something else stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unexpected {
    expected: &'static str,
    at: usize,
}

type Result<T> = std::result::Result<T, Unexpected>;

impl<'j> Reader<'j> {
    pub(crate) fn new(text: &'j str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads an object, calling `each` with every name. `each` reads or skips the value.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'j, str>) -> Result<()>,
    ) -> Result<()> {
        match self.peek() {
            Some(b'{') => self.at += 1,
            _ => return self.null("an object"),
        }
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.unexpected("a name in quotes");
            }
            let name = self.quoted()?;
            if self.peek() != Some(b':') {
                return self.unexpected("`:`");
            }
            self.at += 1;
            each(self, name)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.unexpected("`,` or `}`"),
            }
        }
    }

    /// Reads an array, calling `each` where every element begins.
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        match self.peek() {
            Some(b'[') => self.at += 1,
            _ => return self.null("an array"),
        }
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            each(self)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.unexpected("`,` or `]`"),
            }
        }
    }

    /// Reads a string; `null` is the empty one.
    pub(crate) fn string(&mut self) -> Result<Cow<'j, str>> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            _ => self.null("a string").map(|()| Cow::Borrowed("")),
        }
    }

    /// The same as bytes, which are UTF-8 all the same: it spares a check of what is long.
    pub(crate) fn string_bytes(&mut self) -> Result<Cow<'j, [u8]>> {
        match self.peek() {
            Some(b'"') => self.quoted_bytes(),
            _ => self.null("a string").map(|()| Cow::Borrowed(&[][..])),
        }
    }

    /// Reads `true` or `false`; `null` is `false`.
    pub(crate) fn boolean(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => self.null("`true` or `false`").map(|()| false),
        }
    }

    /// Reads a number without sign, fraction and exponent; `null` is 0.
    pub(crate) fn whole_number(&mut self) -> Result<u64> {
        const EXPECTED: &str = "a whole number";
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.null(EXPECTED).map(|()| 0);
        }
        let start = self.at;
        self.skip_scalar()?;
        self.text[start..self.at].parse().map_err(|_| Unexpected { expected: EXPECTED, at: start })
    }

    /// Skips a value of any kind, however deep it is.
    pub(crate) fn skip(&mut self) -> Result<()> {
        // One bit per level, 1 for an object: no stack that JSON could overflow.
        let mut levels: Vec<bool> = Vec::new();
        loop {
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    self.at += 1;
                    let is_object = open == b'{';
                    if self.peek() == Some(if is_object { b'}' } else { b']' }) {
                        self.at += 1;
                    } else {
                        levels.push(is_object);
                        self.skip_name(is_object)?;
                        continue;
                    }
                }
                Some(b'"') => self.skip_quoted()?,
                _ => self.skip_scalar()?,
            }
            loop {
                let Some(is_object) = levels.last().copied() else { return Ok(()) };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        self.skip_name(is_object)?;
                        break;
                    }
                    Some(b'}') if is_object => self.at += 1,
                    Some(b']') if !is_object => self.at += 1,
                    _ => return self.unexpected(if is_object { "`,` or `}`" } else { "`,` or `]`" }),
                }
                levels.pop();
            }
        }
    }

    /// Skips a value and gives its text; `null` is none.
    pub(crate) fn raw(&mut self) -> Result<&'j str> {
        self.peek();
        let start = self.at;
        self.skip()?;
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(if text == "null" { "" } else { text })
    }

    /// Skips an object of strings and gives its text; `null` is none, as an object and as a string.
    pub(crate) fn strings(&mut self) -> Result<&'j str> {
        let is_object = self.peek() == Some(b'{');
        let start = self.at;
        if !is_object {
            return self.null("an object").map(|()| "");
        }
        self.at += 1;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok("");
        }
        loop {
            self.skip_name(true)?;
            match self.peek() {
                Some(b'"') => self.skip_quoted()?,
                _ => self.null("a string")?,
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(self.text.get(start..self.at).unwrap_or_default());
                }
                _ => return self.unexpected("`,` or `}`"),
            }
        }
    }

    /// Reads the string of the first name that is meant, in an object of strings, and goes no further.
    pub(crate) fn find_string(&mut self, is_meant: impl Fn(&str) -> bool) -> Result<Option<Cow<'j, str>>> {
        let mut before = b'{';
        while self.peek() == Some(before) {
            self.at += 1;
            if self.peek() != Some(b'"') {
                break;
            }
            let name = self.quoted()?;
            if self.peek() != Some(b':') {
                return self.unexpected("`:`");
            }
            self.at += 1;
            if is_meant(&name) {
                return self.string().map(Some);
            }
            self.skip()?;
            before = b',';
        }
        Ok(None)
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.unexpected("nothing more"),
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    fn null(&mut self, expected: &'static str) -> Result<()> {
        match self.peek() {
            Some(b'n') => self.word("null"),
            _ => self.unexpected(expected),
        }
    }

    fn word(&mut self, word: &'static str) -> Result<()> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.unexpected(word);
        }
        self.at += word.len();
        Ok(())
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T> {
        Err(Unexpected { expected, at: self.at })
    }

    /// Reads a string; the reader stands at its first quote.
    #[inline]
    fn quoted(&mut self) -> Result<Cow<'j, str>> {
        match self.plain() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.quoted_with_escapes(),
        }
    }

    /// Reads a string without escapes, as most are; at any other the reader stays.
    #[inline(never)]
    fn plain(&mut self) -> Option<&'j str> {
        let rest = self.text.get(self.at + 1..)?;
        let end = word::find_mark(rest.as_bytes())?;
        if rest.as_bytes()[end] != b'"' {
            return None;
        }
        self.at += end + 2;
        rest.get(..end)
    }

    #[cold]
    fn quoted_with_escapes(&mut self) -> Result<Cow<'j, str>> {
        let start = self.at + 1;
        self.at = self.next_mark(start);
        let bytes = self.escaped(start, 0)?;
        // Text of which escapes were replaced by characters is text.
        String::from_utf8(bytes).map(Cow::Owned).or_else(|_| self.unexpected("text"))
    }

    /// Reads a string as bytes, which are UTF-8; the reader stands at its first quote.
    fn quoted_bytes(&mut self) -> Result<Cow<'j, [u8]>> {
        let start = self.at + 1;
        self.at = self.next_mark(start);
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text.as_bytes()[start..self.at - 1]))
            }
            // What is read as bytes is what is long, and nearly all that is left.
            Some(_) => self.escaped(start, self.text.len() - self.at).map(Cow::Owned),
            None => self.unexpected("the end of a string"),
        }
    }

    /// Where the next quote or backslash is, or the text's end.
    #[inline]
    fn next_mark(&self, from: usize) -> usize {
        let bytes = &self.text.as_bytes()[from..];
        from + word::find_mark(bytes).unwrap_or(bytes.len())
    }

    /// Reads the rest of a string that began at `start`; the reader stands at its first backslash.
    /// `likely` is how much more is to come, as far as anybody can tell.
    ///
    /// Eight bytes are copied at a time, and as many of them kept as have no escape: a body of JSON has
    /// a backslash every few bytes and nothing long enough for a block copy.
    fn escaped(&mut self, start: usize, likely: usize) -> Result<Vec<u8>> {
        /// The longest that one step writes: a word, and a character.
        const ROOM: usize = 16;
        let bytes = self.text.as_bytes();
        let mut written = self.at - start;
        let mut out = vec![0; written + likely + 4 * ROOM];
        out[..written].copy_from_slice(&bytes[start..self.at]);
        loop {
            if written + ROOM > out.len() {
                out.resize(out.len() * 2, 0);
            }
            let plain = match (bytes[self.at..].first_chunk(), out[written..].first_chunk_mut()) {
                (Some(from), Some(to)) => {
                    *to = *from;
                    word::unmarked_len(*from)
                }
                // The last bytes of the text.
                _ => usize::from(bytes.get(self.at).is_some_and(|byte| {
                    out[written] = *byte;
                    !matches!(byte, b'"' | b'\\')
                })),
            };
            written += plain;
            self.at += plain;
            match bytes.get(self.at) {
                Some(b'\\') => {
                    let letter = bytes.get(self.at + 1).copied().unwrap_or_default();
                    self.at += 2;
                    out[written] = match letter {
                        b'"' | b'\\' | b'/' => letter,
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'r' => b'\r',
                        b'b' => 0x8,
                        b'f' => 0xc,
                        b'u' => {
                            written += self.code_point()?.encode_utf8(&mut out[written..]).len();
                            continue;
                        }
                        _ => return Err(Unexpected { expected: "an escape", at: self.at - 1 }),
                    };
                    written += 1;
                }
                Some(b'"') => {
                    self.at += 1;
                    out.truncate(written);
                    return Ok(out);
                }
                Some(_) => {}
                None => return self.unexpected("the end of a string"),
            }
        }
    }

    /// Reads the digits after `\u`, and a second escape if they are half of a pair.
    fn code_point(&mut self) -> Result<char> {
        let at = self.at;
        let error = Unexpected { expected: "a code point", at };
        let first = self.four_digits()?;
        let code = match first {
            0xd800..0xdc00 => {
                if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    return Err(error);
                }
                self.at += 2;
                match self.four_digits()? {
                    second @ 0xdc00..0xe000 => 0x1_0000 + ((first - 0xd800) << 10 | (second - 0xdc00)),
                    _ => return Err(error),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or(error)
    }

    fn four_digits(&mut self) -> Result<u32> {
        let at = self.at;
        let digits = self.text.as_bytes().get(at..at + 4).unwrap_or_default();
        let code =
            digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?));
        match code {
            Some(code) if digits.len() == 4 => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(Unexpected { expected: "four hexadecimal digits", at }),
        }
    }

    fn skip_quoted(&mut self) -> Result<()> {
        self.at += 1;
        loop {
            self.at = self.next_mark(self.at);
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') if self.at + 1 < self.text.len() => self.at += 2,
                _ => return self.unexpected("the end of a string"),
            }
        }
    }

    /// In an object, skips the name and the colon before the next value.
    fn skip_name(&mut self, is_object: bool) -> Result<()> {
        if !is_object {
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return self.unexpected("a name in quotes");
        }
        self.skip_quoted()?;
        if self.peek() != Some(b':') {
            return self.unexpected("`:`");
        }
        self.at += 1;
        Ok(())
    }

    /// Skips a number or a word. What it says does not matter to anybody who skips it.
    fn skip_scalar(&mut self) -> Result<()> {
        let is_part = |byte: &&u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E');
        match self.text.as_bytes()[self.at..].iter().take_while(is_part).count() {
            0 => self.unexpected("a value"),
            len => {
                self.at += len;
                Ok(())
            }
        }
    }
}

impl Unexpected {
    /// The same in words, with line and column, for the text it came from.
    pub(crate) fn describe(&self, text: &str) -> String {
        let before = &text.as_bytes()[..self.at.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        format!("expected {} at line {line} column {column}", self.expected)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn strings(json: &str) -> Result<Vec<String>> {
        let mut reader = Reader::new(json);
        let mut found = Vec::new();
        reader.array(|reader| {
            found.push(reader.string()?.into_owned());
            Ok(())
        })?;
        reader.end()?;
        Ok(found)
    }

    #[track_caller]
    fn check_error(read: impl FnOnce(&mut Reader<'_>) -> Result<()>, json: &str, words: &str) {
        let error = read(&mut Reader::new(json)).expect_err(json);
        assert_eq!(error.describe(json), format!("expected {words}"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        check_error(|reader| reader.string().map(drop), "7", "a string at line 1 column 1");
        check_error(|reader| reader.string().map(drop), "\"a", "the end of a string at line 1 column 3");
        check_error(|reader| reader.string().map(drop), r#""\x""#, "an escape at line 1 column 3");
        check_error(|reader| reader.string().map(drop), r#""\ud800""#, "a code point at line 1 column 4");
        check_error(
            |reader| reader.string().map(drop),
            r#""\u12""#,
            "four hexadecimal digits at line 1 column 4",
        );
        check_error(|reader| reader.string().map(drop), "nul", "null at line 1 column 1");
        check_error(|reader| reader.boolean().map(drop), "1", "`true` or `false` at line 1 column 1");
        check_error(|reader| reader.whole_number().map(drop), "1.5", "a whole number at line 1 column 1");
        check_error(|reader| reader.skip(), "{\"a\":\n[1,\n  2}", "`,` or `]` at line 3 column 4");
        check_error(|reader| reader.skip(), "[1", "`,` or `]` at line 1 column 3");
        check_error(|reader| reader.skip(), "{1", "a name in quotes at line 1 column 2");
        check_error(|reader| reader.skip(), "", "a value at line 1 column 1");
        check_error(|reader| reader.end(), " x", "nothing more at line 1 column 2");
    }

    #[test]
    fn nothing_is_too_deep_to_skip() {
        let deep = "[{\"a\":".repeat(100_000) + "1" + &"}]".repeat(100_000);
        let mut reader = Reader::new(&deep);
        assert_eq!(reader.skip(), Ok(()));
        assert_eq!(reader.end(), Ok(()));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(".{0,12}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_skipped_to_its_last_byte(value in json()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("JSON")] {
                let mut reader = Reader::new(&text);
                prop_assert_eq!(reader.skip().and_then(|()| reader.end()), Ok(()));
            }
        }

        #[test]
        fn strings_are_read_as_serde_json_reads_them(texts in proptest::collection::vec("\\PC{0,40}", 0..4)) {
            let json = serde_json::to_string(&texts).expect("JSON");
            prop_assert_eq!(strings(&json), Ok(texts));
        }

        #[test]
        fn text_between_quotes_is_taken_or_refused_as_serde_json_does(text in r#"[a-c"\\ud8-9E !é]{0,40}"#) {
            let json = format!("[\"{text}\"]");
            let found = strings(&json).ok();
            prop_assert_eq!(&found, &serde_json::from_str::<Vec<String>>(&json).ok());
            let mut reader = Reader::new(&json);
            prop_assert_eq!(reader.skip().and_then(|()| reader.end()).is_ok() || found.is_none(), true);
        }
    }
}
