// Named plain arrays, written or read through one function: state(Archive&) of an environment serves both
// ways.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include "core/error.h"

namespace core {

// A type that says of a value whether it can be: what was restored is asked before it is used.
template <class T>
concept Sound = requires(const T& value) {
  { value.is_sound() } -> std::same_as<bool>;
};

class Archive {
 public:
  Archive() = default;  // saving into an empty archive
  explicit Archive(std::map<std::string, std::vector<uint8_t>> blobs)
      : blobs_(std::move(blobs)), loading_(true) {}

  bool loading() const { return loading_; }
  const std::map<std::string, std::vector<uint8_t>>& blobs() const { return blobs_; }

  // Saves or restores `count` trivially copyable values; a missing name or another size is an Error.
  template <class T>
  void operator()(const std::string& name, T* values, size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes(name, reinterpret_cast<uint8_t*>(values), count * sizeof(T));
    if constexpr (Sound<T>)
      for (size_t k = 0; k < count; ++k)
        check(values[k].is_sound(), "saved state '{}' holds what cannot be", name);
  }
  // Whole numbers that will be places or sizes: each must be low .. high.
  template <class T>
  void within(const std::string& name, T* values, size_t count, T low, T high) {
    (*this)(name, values, count);
    for (size_t k = 0; loading_ && k < count; ++k)
      check(low <= values[k] && values[k] <= high, "saved state '{}' holds {}, expected {} .. {}", name,
            values[k], low, high);
  }
  template <class T>
  void within(const std::string& name, T& value, T low, T high) {
    within(name, &value, 1, low, high);
  }
  template <class T>
  void operator()(const std::string& name, T& value) {
    (*this)(name, &value, 1);
  }
  // A vector of fixed size: the size must be right already when loading.
  template <class T>
  void operator()(const std::string& name, std::vector<T>& values) {
    (*this)(name, values.data(), values.size());
  }
  // A vector whose size is part of the state.
  template <class T>
  void sized(const std::string& name, std::vector<T>& values) {
    if (loading_) values.resize(blob(name).size() / sizeof(T));  // bytes() refuses a remainder
    (*this)(name, values.data(), values.size());
  }

 private:
  const std::vector<uint8_t>& blob(const std::string& name) const {
    const auto found = blobs_.find(name);
    check(found != blobs_.end(), "saved state lacks '{}'", name);
    return found->second;
  }
  void bytes(const std::string& name, uint8_t* data, size_t size) {
    if (!loading_) {
      blobs_[name].assign(data, data + size);
      return;
    }
    const auto& saved = blob(name);
    check(saved.size() == size, "saved state '{}' has {} bytes, expected {}", name, saved.size(), size);
    if (size) std::memcpy(data, saved.data(), size);
  }

  std::map<std::string, std::vector<uint8_t>> blobs_;
  bool loading_ = false;
};

}  // namespace core
