// TensorBoard's event files, read back by a reader of our own in Python: framing, checksums, wire format.
#include "core/formats/event_file.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "core/formats/metrics_csv.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::event_file {

namespace formats = core::formats;

namespace {

// Checks every checksum bit by bit and prints one line for each event.
const char* const reader = R"(
import struct, sys

def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff

def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff

def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at

def fields(data):
    at, found = 0, {}
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0: value, at = varint(data, at)
        elif kind == 1: value, at = struct.unpack('<d', data[at:at + 8])[0], at + 8
        elif kind == 5: value, at = struct.unpack('<f', data[at:at + 4])[0], at + 4
        else:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        assert key >> 3 not in found
        found[key >> 3] = value
    return found

file = open(sys.argv[1], 'rb').read()
at = 0
while at < len(file):
    head = file[at:at + 8]
    size, crc = struct.unpack('<QI', file[at:at + 12])
    assert crc == masked(head), 'length'
    data = file[at + 12:at + 12 + size]
    assert struct.unpack('<I', file[at + 12 + size:at + 16 + size])[0] == masked(data), 'data'
    at += 16 + size
    event = fields(data)
    if 3 in event:
        print('version', event[3].decode(), event[1])
        continue
    value = fields(fields(event[5])[1])
    said = fields(value[9])[3].decode() if 9 in value else '-'
    if 4 in value:
        image = fields(value[4])
        shown = f'{image[2]}x{image[1]} colours {image[3]} {image[4]!r}'
    else:
        shown = f'{value[2]:.6g}'
    print(event[1], event[2], value[1].decode(), said, shown)
)";

std::string read_back(const std::filesystem::path& file) {
  const Scratch scratch;
  write_bytes(scratch / "reader.py", reader);
  const std::string command =
      fmt::format("/usr/bin/python3 '{}' '{}' > '{}' 2>&1", (scratch / "reader.py").string(), file.string(),
                  (scratch / "out").string());
  const int status = std::system(command.c_str());
  const std::string out = bytes_of(scratch / "out");
  INFO(out);
  REQUIRE(status == 0);
  return out;
}

}  // namespace

TEST_CASE("CRC32C of the vectors in RFC 3720", "[core]") {
  CHECK(formats::crc32c("") == 0);
  CHECK(formats::crc32c("123456789") == 0xe3069283u);
  CHECK(formats::crc32c(std::string(32, '\0')) == 0x8a9136aau);
  CHECK(formats::crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
}

TEST_CASE("an event file reads back: version, scalars, a picture; a sentence once for each tag", "[core]") {
  const Scratch scratch;
  formats::EventFile events(scratch / "e.tfevents", 1700000000.5);
  events.scalar("train/loss", "The loss", {1, 1700000001}, 0.25);
  events.scalar("train/loss", "The loss", {int64_t{1} << 40, 1700000002}, -3e38);
  events.image("pictures/samples", "Samples", {3, 1700000003}, 300, 2, std::string("\x89PNG\0", 5));
  events.scalar("train/loss", "The loss", {0, 1700000004}, std::nan(""));
  events.finish();
  CHECK(read_back(scratch / "e.tfevents") ==
        "version brain.Event:2 1700000000.5\n"
        "1700000001.0 1 train/loss The loss 0.25\n"
        "1700000002.0 1099511627776 train/loss - -3e+38\n"
        "1700000003.0 3 pictures/samples Samples 300x2 colours 3 b'\\x89PNG\\x00'\n"
        "1700000004.0 0 train/loss - nan\n");
}

TEST_CASE("fields of CSV are quoted where they must be", "[core]") {
  CHECK(formats::csv_field("runs/a") == "runs/a");
  CHECK(formats::csv_field("a,b") == "\"a,b\"");
  CHECK(formats::csv_field("say \"hi\"") == "\"say \"\"hi\"\"\"");
}

}  // namespace tests::event_file
