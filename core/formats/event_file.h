// TensorBoard's event files: records framed by length and masked CRC32C (TensorFlow's TFRecord), each a
// protocol buffer `Event` (tensorboard/compat/proto/event.proto and summary.proto).
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "core/whole_file.h"

namespace core::formats {

// Castagnoli's polynomial, as RFC 3720 has it.
uint32_t crc32c(std::string_view bytes);

struct Moment {
  int64_t step = 0;
  double wall_time = 0;  // seconds since 1970
};

class EventFile {
 public:
  // TensorBoard takes files whose name holds "tfevents". Error when it cannot be made.
  EventFile(const std::filesystem::path& file, double wall_time);
  // The sentence is shown beside the chart; it is written with a tag's first value.
  void scalar(const std::string& tag, const std::string& sentence, Moment when, double value);
  void image(const std::string& tag, const std::string& sentence, Moment when, int width, int height,
             const std::string& png);
  void finish();  // Error when the disk refused

 private:
  void summary(const std::string& tag, const std::string& sentence, Moment when, const std::string& value);
  void record(const std::string& bytes);

  WholeFile file_;
  std::set<std::string> described_;  // tags
};

}  // namespace core::formats
