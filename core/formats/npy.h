// NumPy's arrays: .npy (format versions 1.0 to 3.0 of numpy.lib.format), alone or within an .npz.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace core::formats {

class NpyArray {
 public:
  // A file of its own; of an .npz the array `member`. Errors name the file, what was expected and what was
  // found: missing, no array, of objects or text, truncated, longer than its header says.
  explicit NpyArray(const std::filesystem::path& file, const std::string& member = "");

  const std::vector<int64_t>& shape() const { return shape_; }
  int64_t count() const;                                     // of values
  bool whole() const { return kind_ != 'f'; }                // bool and integers
  bool bytes() const { return kind_ == 'u' && item_ == 1; }  // unsigned ones
  // All values, row-major. Error where one does not fit: not finite, beyond float32, below 0 or above 255.
  void read(float* values) const;
  void read(int64_t* values) const;  // of whole ones
  void read(uint8_t* values) const;  // of bytes

 private:
  void read_header();
  void take_dtype(const std::string& dtype);
  uint64_t word(int64_t i) const;  // of value i, in row-major order
  int64_t place(int64_t i) const;  // where it stands
  double real(int64_t i) const;
  int64_t integer(int64_t i) const;

  std::string name_, data_;  // name_: "x.npz: images"
  size_t begin_ = 0;         // of the values in data_
  char kind_ = 'f';          // b, i, u, f
  int64_t item_ = 4;         // bytes of a value
  bool big_ = false, columns_first_ = false;
  std::vector<int64_t> shape_;
};

// The arrays of an .npz, by name; of an .npy none.
std::vector<std::string> npz_members(const std::filesystem::path& file);

}  // namespace core::formats
