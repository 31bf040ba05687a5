//! Executables for tests, made by hand: just enough of each format.

use chalice_rs_manifest::{Method, PathPattern, Record, Route, Source, section};
use object::write::{Object, StandardSegment, pe};
use object::{Architecture, BinaryFormat, Endianness, SectionKind};

/// ELF's numbers for processors.
pub const AARCH64: u16 = object::elf::EM_AARCH64.0;
pub const X86_64: u16 = object::elf::EM_X86_64.0;
pub const RISC_V: u16 = object::elf::EM_RISCV.0;

/// A section of an ELF file.
pub struct Section {
    name: &'static str,
    kind: u32,
    info: u32,
    data: Vec<u8>,
    /// The strings that the data points into.
    strings: Vec<u8>,
}

impl Section {
    /// Our section with one route.
    pub fn records() -> Self {
        Self::bytes(&records())
    }

    /// Our section with anything in it.
    pub fn bytes(data: &[u8]) -> Self {
        Self { name: section::NAME, kind: 1, info: 0, data: data.to_owned(), strings: vec![0] }
    }

    /// `.gnu.version_r` that wants these versions of `libc.so.6`.
    pub fn glibc(versions: &[&str]) -> Self {
        let mut strings = b"\0libc.so.6\0".to_vec();
        let mut data = Vec::new();
        let count = versions.len() as u16;
        data.extend(1_u16.to_le_bytes());
        data.extend(count.to_le_bytes());
        // The library's name, where the versions begin, and no other library.
        [1_u32, 16, 0].iter().for_each(|word| data.extend(word.to_le_bytes()));
        for (index, version) in versions.iter().enumerate() {
            let next = if index + 1 == versions.len() { 0 } else { 16 };
            data.extend([0; 8]);
            data.extend((strings.len() as u32).to_le_bytes());
            data.extend((next as u32).to_le_bytes());
            strings.extend(version.bytes().chain([0]));
        }
        Self { name: ".gnu.version_r", kind: object::elf::SHT_GNU_VERNEED.0, info: 1, data, strings }
    }
}

/// The frame of one route.
fn records() -> Vec<u8> {
    let record = Record::Route(Route {
        path: PathPattern::parse("/hello/<name>").expect("a path"),
        methods: vec![Method::Get],
        function: "hello".to_owned(),
        source: Source { module: "hello".to_owned(), file: "src/main.rs".to_owned(), line: 3 },
        ..Route::default()
    });
    let json = serde_json::to_string(&record).expect("JSON");
    [b"CHRS\x01".as_slice(), &(json.len() as u32).to_le_bytes(), json.as_bytes()].concat()
}

/// A 64-bit ELF file with these sections.
pub fn elf(machine: u16, sections: &[Section]) -> Vec<u8> {
    elf_with(machine, sections, None)
}

/// A 64-bit ELF file that wants a program to load it.
pub fn interpreted(machine: u16, interpreter: &str) -> Vec<u8> {
    elf_with(machine, &[Section::records()], Some(interpreter))
}

/// The header, one program header, then the data of all sections, then their headers. Each section
/// is followed by the one with its strings; the names' strings are last.
fn elf_with(machine: u16, sections: &[Section], interpreter: Option<&str>) -> Vec<u8> {
    const HEADER: usize = 64;
    const PROGRAM: usize = 56;
    let mut names = vec![0];
    let mut data = interpreter.map(|path| [path.as_bytes(), &[0]].concat()).unwrap_or_default();
    let interpreter_len = data.len() as u64;
    let mut headers = vec![0; HEADER];
    let mut count = 1_u16;
    let mut add = |name: &str, kind: u32, link: u32, info: u32, bytes: &[u8], names: &mut Vec<u8>| {
        while !data.len().is_multiple_of(8) {
            data.push(0);
        }
        headers.extend((names.len() as u32).to_le_bytes());
        headers.extend(kind.to_le_bytes());
        let offset = (HEADER + PROGRAM + data.len()) as u64;
        [0, 0, offset, bytes.len() as u64].iter().for_each(|word| headers.extend(word.to_le_bytes()));
        [link, info].iter().for_each(|word| headers.extend(word.to_le_bytes()));
        [1_u64, 0].iter().for_each(|word| headers.extend(word.to_le_bytes()));
        names.extend(name.bytes().chain([0]));
        data.extend(bytes);
        count += 1;
    };
    for (index, section) in sections.iter().enumerate() {
        let strings = 2 * index as u32 + 2;
        add(section.name, section.kind, strings, section.info, &section.data, &mut names);
        add(".strings", 3, 0, 0, &section.strings, &mut names);
    }
    let mut all_names = names.clone();
    all_names.extend(b".shstrtab\0");
    add(".shstrtab", 3, 0, 0, &all_names, &mut names);

    let sections_at = (HEADER + PROGRAM + data.len()) as u64;
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    [2, machine].iter().for_each(|half| file.extend(half.to_le_bytes()));
    file.extend(1_u32.to_le_bytes());
    [0, HEADER as u64, sections_at].iter().for_each(|word| file.extend(word.to_le_bytes()));
    file.extend(0_u32.to_le_bytes());
    [HEADER as u16, PROGRAM as u16, 1, 64, count, count - 1]
        .iter()
        .for_each(|half| file.extend(half.to_le_bytes()));
    // PT_INTERP, or nothing.
    let kind = if interpreter.is_some() { 3_u32 } else { 0 };
    [kind, 4].iter().for_each(|word| file.extend(word.to_le_bytes()));
    let at = (HEADER + PROGRAM) as u64;
    [at, 0, 0, interpreter_len, interpreter_len, 1].iter().for_each(|word| file.extend(word.to_le_bytes()));
    file.extend(data);
    file.extend(headers);
    file
}

/// A Mach-O file with one route.
pub fn mach_o() -> Vec<u8> {
    let mut file = Object::new(BinaryFormat::MachO, Architecture::Aarch64, Endianness::Little);
    let (segment, name) = section::NAME_MACH_O;
    assert_eq!(segment.as_bytes(), file.segment_name(StandardSegment::Data));
    let section = file.add_section(segment.into(), name.into(), SectionKind::Data);
    file.append_section_data(section, &records(), 1);
    file.write().expect("a Mach-O file")
}

/// A PE file with one route.
pub fn pe() -> Vec<u8> {
    let records = records();
    let mut file = Vec::new();
    let mut writer = pe::Writer::new(true, 0x1000, 0x200, &mut file);
    writer.reserve_dos_header_and_stub();
    writer.reserve_nt_headers(16);
    writer.reserve_section_headers(1);
    let name = section::NAME.as_bytes().try_into().expect("eight characters");
    let len = records.len() as u32;
    let range = writer.reserve_section(name, object::pe::IMAGE_SCN_CNT_INITIALIZED_DATA, len, len);
    writer.write_dos_header_and_stub().expect("a header");
    writer.write_nt_headers(pe::NtHeaders {
        machine: object::pe::IMAGE_FILE_MACHINE_AMD64,
        time_date_stamp: 0,
        characteristics: object::pe::IMAGE_FILE_EXECUTABLE_IMAGE,
        major_linker_version: 0,
        minor_linker_version: 0,
        address_of_entry_point: 0,
        image_base: 0x1_4000_0000,
        major_operating_system_version: 0,
        minor_operating_system_version: 0,
        major_image_version: 0,
        minor_image_version: 0,
        major_subsystem_version: 0,
        minor_subsystem_version: 0,
        subsystem: object::pe::IMAGE_SUBSYSTEM_WINDOWS_CUI,
        dll_characteristics: object::pe::DllFlags(0),
        size_of_stack_reserve: 0,
        size_of_stack_commit: 0,
        size_of_heap_reserve: 0,
        size_of_heap_commit: 0,
    });
    writer.write_section_headers();
    writer.write_section(range.file_offset, &records);
    file
}
