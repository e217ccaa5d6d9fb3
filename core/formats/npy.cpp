#include "core/formats/npy.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/formats/zip.h"
#include "core/memory.h"
#include "core/path.h"
#include "core/shown.h"

namespace core::formats {
namespace {

constexpr uint64_t most_npy_bytes = uint64_t{1} << 36;

bool is_npz(const std::filesystem::path& file) { return file.extension() == ".npz"; }

std::string bytes_of_array(const std::filesystem::path& file, const std::string& member) {
  if (is_npz(file)) return ZipReader(file).read(member + ".npy");
  require_data(file, "a NumPy file");
  require_memory(static_cast<double>(std::filesystem::file_size(file)), "data: " + file.string());
  return read_file(file, "a NumPy file", most_npy_bytes);
}

// The text behind "'key':" of the header, a dictionary as Python prints it; blanks cut.
std::string_view value_of(std::string_view header, const std::string& key, const std::string& name) {
  const size_t at = header.find("'" + key + "'");
  const size_t colon = at == std::string_view::npos ? at : header.find(':', at);
  check(colon != std::string_view::npos, "{}: its header has no '{}'", name, key);
  std::string_view value = header.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

int64_t side_in(std::string_view text, const std::string& name) {
  int64_t side = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  check(error == std::errc() && end == text.data() + text.size() && side >= 0,
        "{}: its header promises a side of '{}'", name, shown_start(std::string(text)));
  return side;
}

// "(3, 4)", "(5,)", "()".
std::vector<int64_t> shape_in(std::string_view text, const std::string& name) {
  const size_t end = text.find(')');
  check(text.starts_with('(') && end != std::string_view::npos, "{}: its header has no shape", name);
  text = text.substr(1, end - 1);
  std::vector<int64_t> shape;
  while (text.find_first_not_of(' ') != std::string_view::npos) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view side = text.substr(0, comma);
    side.remove_prefix(std::min(side.find_first_not_of(' '), side.size()));
    shape.push_back(side_in(side, name));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return shape;
}

// Half precision (IEEE 754): 5 bits of exponent, 10 of fraction.
double half(uint64_t word) {
  const auto exponent = static_cast<int>(word >> 10 & 31);
  const auto fraction = static_cast<double>(word & 1023);
  const double sign = (word & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

}  // namespace

std::vector<std::string> npz_members(const std::filesystem::path& file) {
  std::vector<std::string> members;
  if (!is_npz(file)) return members;
  for (const std::string& name : ZipReader(file).names())
    if (name.ends_with(".npy")) members.push_back(name.substr(0, name.size() - 4));
  return members;
}

NpyArray::NpyArray(const std::filesystem::path& file, const std::string& member)
    : name_(is_npz(file) ? file.string() + ": " + shown_start(member) : file.string()),
      data_(bytes_of_array(file, member)) {
  read_header();
}

void NpyArray::read_header() {
  check(data_.size() >= 12 && data_.starts_with("\x93NUMPY"), "{}: not a NumPy array, or truncated", name_);
  const auto byte = [&](size_t at) { return size_t{static_cast<uint8_t>(data_[at])}; };
  const size_t version = byte(6), lengths = version == 1 ? 2 : 4;
  check(version >= 1 && version <= 3, "{}: NumPy format version {}: expected 1 .. 3", name_, version);
  size_t length = 0;
  for (size_t i = lengths; i-- > 0;) length = length << 8 | byte(8 + i);
  begin_ = 8 + lengths + length;
  check(begin_ <= data_.size(), "{}: truncated inside its NumPy header", name_);
  const std::string_view header = std::string_view(data_).substr(8 + lengths, length);
  const std::string_view descr = value_of(header, "descr", name_),
                         order = value_of(header, "fortran_order", name_);
  check(descr.starts_with('\'') && descr.find('\'', 1) != std::string_view::npos,
        "{}: an array of records, expected one of numbers", name_);
  take_dtype(std::string(descr.substr(1, descr.find('\'', 1) - 1)));
  columns_first_ = order.starts_with("True,");
  check(columns_first_ || order.starts_with("False,"), "{}: its header says no fortran_order", name_);
  shape_ = shape_in(value_of(header, "shape", name_), name_);
  double bytes = static_cast<double>(item_);
  for (const int64_t side : shape_) bytes *= static_cast<double>(side);
  check(bytes == static_cast<double>(data_.size() - begin_),
        "{}: truncated or damaged: its header promises [{}] values of {} bytes, {} bytes follow", name_,
        shown_start(fmt::format("{}", fmt::join(shape_, ", "))), item_, data_.size() - begin_);
}

void NpyArray::take_dtype(const std::string& dtype) {
  const bool known = dtype == "|b1" || dtype == "|u1" || dtype == "|i1" ||
                     (dtype.size() == 3 && (dtype[0] == '<' || dtype[0] == '>') &&
                      ((dtype[1] == 'f' || dtype[1] == 'i' || dtype[1] == 'u') &&
                       (dtype[2] == '2' || dtype[2] == '4' || dtype[2] == '8')));
  check(known, "{}: an array of type '{}': expected bool, integers or floats of 2, 4 or 8 bytes", name_,
        shown_start(dtype));
  big_ = dtype[0] == '>';
  kind_ = dtype[1];
  item_ = dtype[2] - '0';
}

int64_t NpyArray::count() const { return static_cast<int64_t>(data_.size() - begin_) / item_; }

// Row-major number i, counted the other way round where columns come first.
int64_t NpyArray::place(int64_t i) const {
  if (!columns_first_) return i;
  int64_t at = 0, step = count();
  for (size_t d = shape_.size(); d-- > 0;) {
    step /= shape_[d];
    at += i % shape_[d] * step;
    i /= shape_[d];
  }
  return at;
}

uint64_t NpyArray::word(int64_t i) const {
  const auto* bytes = reinterpret_cast<const uint8_t*>(data_.data()) + begin_ + place(i) * item_;
  uint64_t value = 0;
  for (int64_t b = 0; b < item_; ++b) value = value << 8 | bytes[big_ ? b : item_ - 1 - b];
  return value;
}

double NpyArray::real(int64_t i) const {
  const uint64_t bits = word(i);
  if (kind_ != 'f') return static_cast<double>(integer(i));
  if (item_ == 2) return half(bits);
  return item_ == 4 ? double{std::bit_cast<float>(static_cast<uint32_t>(bits))} : std::bit_cast<double>(bits);
}

int64_t NpyArray::integer(int64_t i) const {
  const uint64_t bits = word(i);
  if (kind_ == 'u' || kind_ == 'b') {
    check(bits <= uint64_t{std::numeric_limits<int64_t>::max()}, "{}: value {} is beyond int64", name_, i);
    return static_cast<int64_t>(bits);
  }
  const int unused = static_cast<int>(64 - 8 * item_);
  return static_cast<int64_t>(bits << unused) >> unused;  // its sign, in every bit above
}

void NpyArray::read(float* values) const {
  for (int64_t i = 0, n = count(); i < n; ++i) {
    const double value = real(i);
    check(std::abs(value) <= double{std::numeric_limits<float>::max()},
          "{}: value {} is {}: expected finite ones within float32", name_, i, value);
    values[i] = static_cast<float>(value);
  }
}

void NpyArray::read(int64_t* values) const {
  check(whole(), "{}: expected whole numbers, found floats", name_);
  for (int64_t i = 0, n = count(); i < n; ++i) values[i] = integer(i);
}

void NpyArray::read(uint8_t* values) const {
  check(bytes(), "{}: expected unsigned bytes", name_);
  for (int64_t i = 0, n = count(); i < n; ++i) values[i] = static_cast<uint8_t>(word(i));
}

}  // namespace core::formats
