//! An executable as far as we read it: ELF, Mach-O and PE.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_manifest::section;
use object::elf::FileHeader64;
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader};
use object::{BinaryFormat, Endianness, File, Object, ObjectSection};

use crate::artifact::ArtifactError;
use crate::cli::Architecture;

/// A parsed executable.
pub struct Executable<'b> {
    path: Utf8PathBuf,
    file: File<'b>,
}

/// A version of the C library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glibc {
    pub major: u32,
    pub minor: u32,
}

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl<'b> Executable<'b> {
    /// Reads the headers; `path` is for errors.
    pub fn parse(path: &Utf8Path, bytes: &'b [u8]) -> Result<Self, ArtifactError> {
        let file = File::parse(bytes).map_err(|error| broken(path, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// The bytes of the records' section; `None` when there is none.
    pub fn section(&self) -> Result<Option<Vec<u8>>, ArtifactError> {
        let (segment, mach_o) = section::NAME_MACH_O;
        let ours = |found: &object::Section<'_, '_>| match self.file.format() {
            BinaryFormat::MachO => found.name() == Ok(mach_o) && found.segment_name() == Ok(Some(segment)),
            _ => found.name() == Ok(section::NAME),
        };
        let mut bytes = None;
        for found in self.file.sections().filter(ours) {
            let data = found.data().map_err(|error| broken(&self.path, &error))?;
            bytes.get_or_insert_with(Vec::new).extend_from_slice(data);
        }
        Ok(bytes)
    }

    /// Whether Linux can run it.
    pub fn is_linux(&self) -> bool {
        self.file.format() == BinaryFormat::Elf
    }

    /// What it is, in a user's words.
    pub fn format(&self) -> &'static str {
        match self.file.format() {
            BinaryFormat::Elf => "a Linux executable",
            BinaryFormat::MachO => "a macOS executable",
            BinaryFormat::Pe | BinaryFormat::Coff => "a Windows executable",
            _ => "an executable of another system",
        }
    }

    /// The processor, when Lambda has it.
    pub fn architecture(&self) -> Option<Architecture> {
        match self.file.architecture() {
            object::Architecture::Aarch64 => Some(Architecture::Arm64),
            object::Architecture::X86_64 => Some(Architecture::X86_64),
            _ => None,
        }
    }

    /// The program that loads it, when it is not static.
    pub fn interpreter(&self) -> Option<String> {
        let File::Elf64(elf) = &self.file else { return None };
        let (endian, data) = (elf.endian(), elf.data());
        let headers = elf.elf_header().program_headers(endian, data).ok()?;
        let bytes = headers.iter().find_map(|header| header.interpreter(endian, data).ok().flatten())?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The newest version of glibc that a symbol is wanted of; `None` when glibc is not used.
    pub fn glibc(&self) -> Result<Option<Glibc>, ArtifactError> {
        match &self.file {
            File::Elf64(elf) => newest_glibc(elf).map_err(|error| broken(&self.path, &error)),
            _ => Ok(None),
        }
    }
}

fn broken(path: &Utf8Path, error: &object::Error) -> ArtifactError {
    ArtifactError::NotAnExecutable { binary: path.to_owned(), message: error.to_string().to_lowercase() }
}

/// Reads `.gnu.version_r`: which versions of which libraries the loader will look for.
fn newest_glibc(elf: &ElfFile64<'_, Endianness>) -> Result<Option<Glibc>, object::Error> {
    let (endian, data) = (elf.endian(), elf.data());
    let sections = FileHeader64::sections(elf.elf_header(), endian, data)?;
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, data)? else { return Ok(None) };
    let strings = sections.strings(endian, data, strings)?;
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            newest = newest.max(parse_version(version.name(endian, strings)?));
        }
    }
    Ok(newest)
}

/// `GLIBC_2.34` and `GLIBC_2.2.5`; `GLIBC_PRIVATE` and other libraries' versions are none.
fn parse_version(name: &[u8]) -> Option<Glibc> {
    let text = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
    let mut numbers = text.split('.').map(str::parse);
    Some(Glibc { major: numbers.next()?.ok()?, minor: numbers.next()?.ok()? })
}
