// The wire format by hand, ten lines for the twelve fields that are written: Debian has protoc and its
// library, but none of the .proto files that they would need.
#include "core/formats/event_file.h"

#include <array>
#include <bit>

#include "core/error.h"

namespace core::formats {

namespace {

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0u);
    table[byte] = crc;
  }
  return table;
}

// A CRC of data that holds CRCs is weak, so records carry it rotated and shifted.
uint32_t masked(uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8u; }

template <class T>
std::string little_endian(T number) {
  std::string bytes;
  for (size_t k = 0; k < sizeof number; ++k) bytes += static_cast<char>(number >> 8 * k & 0xff);
  return bytes;
}

// ---- fields of a message: key (number and wire type), then the value ----

std::string varint(uint64_t number) {
  std::string bytes;
  for (; number >= 128; number >>= 7) bytes += static_cast<char>(number | 128);
  return bytes + static_cast<char>(number);
}

std::string key(uint32_t field, uint32_t wire_type) { return varint(field << 3 | wire_type); }
std::string whole(uint32_t field, int64_t value) {
  return key(field, 0) + varint(static_cast<uint64_t>(value));
}
std::string real(uint32_t field, double value) {
  return key(field, 1) + little_endian(std::bit_cast<uint64_t>(value));
}
std::string real32(uint32_t field, float value) {
  return key(field, 5) + little_endian(std::bit_cast<uint32_t>(value));
}
std::string bytes(uint32_t field, const std::string& value) {
  return key(field, 2) + varint(value.size()) + value;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = crc_table();
  uint32_t crc = ~0u;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xff] ^ crc >> 8;
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& file, double wall_time) : file_(file) {
  record(real(1, wall_time) + bytes(3, "brain.Event:2"));
}

void EventFile::record(const std::string& data) {
  const std::string length = little_endian(uint64_t{data.size()});
  file_.out() << length << little_endian(masked(crc32c(length))) << data
              << little_endian(masked(crc32c(data)));
}

// Event {wall_time 1, step 2, summary 5 {value 1 {tag 1, metadata 9 {summary_description 3}, ...}}}
void EventFile::summary(const std::string& tag, const std::string& sentence, Moment when,
                        const std::string& value) {
  std::string text = bytes(1, tag) + value;
  if (described_.insert(tag).second) text += bytes(9, bytes(3, sentence));
  record(real(1, when.wall_time) + whole(2, when.step) + bytes(5, bytes(1, text)));
}

void EventFile::scalar(const std::string& tag, const std::string& sentence, Moment when, double value) {
  summary(tag, sentence, when, real32(2, static_cast<float>(value)));
}

void EventFile::image(const std::string& tag, const std::string& sentence, Moment when, int width, int height,
                      const std::string& png) {
  static constexpr int64_t rgb = 3;
  summary(tag, sentence, when, bytes(4, whole(1, height) + whole(2, width) + whole(3, rgb) + bytes(4, png)));
}

void EventFile::finish() { file_.keep(); }

}  // namespace core::formats
