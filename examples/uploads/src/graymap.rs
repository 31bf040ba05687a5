//! Portable graymaps: a line of text, then a byte for each point. <https://netpbm.sourceforge.net/doc/pgm.html>
//!
//! Nothing here knows of HTTP.

/// What a picture calls itself.
pub(crate) const MEDIA_TYPE: &str = "image/x-portable-graymap";

/// A grey picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Graymap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    points: Vec<u8>,
}

impl Graymap {
    /// Reads a picture of 256 greys; others are none of ours.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_whitespace()).nth(3)?.0;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut words = head.split_ascii_whitespace();
        let (kind, width, height, greys) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let (width, height) = (width.parse().ok()?, height.parse::<usize>().ok()?);
        let points = bytes[end + 1..].to_vec();
        let fits = height.checked_mul(width) == Some(points.len());
        (kind == "P5" && greys == "255" && fits).then_some(Self { width, height, points })
    }

    /// From black to white.
    pub(crate) fn gradient(size: usize) -> Self {
        let points = (0..size * size).map(|point| u8::try_from(point % size * 255 / size).unwrap_or(255));
        Self { width: size, height: size, points: points.collect() }
    }

    pub(crate) fn negative(&self) -> Self {
        Self { points: self.points.iter().map(|point| 255 - point).collect(), ..*self }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend(&self.points);
        bytes
    }
}
