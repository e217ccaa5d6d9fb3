// Event files, which are only written: with whatever a run of strangers calls its metrics. The records read
// back in the frames that TensorBoard expects.
#include "core/formats/event_file.h"

#include <cstring>
#include <stdexcept>

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

// The records' bytes, out of frames of length, checksum, data and checksum.
size_t records_in(const std::string& file) {
  size_t count = 0;
  for (size_t at = 0; at < file.size(); ++count) {
    uint64_t length = 0;
    if (file.size() - at < 16) throw std::logic_error("half a frame");
    std::memcpy(&length, file.data() + at, sizeof length);
    if (length > file.size() - at - 16) throw std::logic_error("a record longer than its file");
    at += 16 + length;
  }
  return count;
}

void write_events(Bytes bytes) {
  static const Scratch scratch;
  const std::string all(bytes.begin(), bytes.end());
  const size_t half = all.size() / 2;
  double value = 0;
  std::memcpy(&value, all.data(), std::min(all.size(), sizeof value));
  core::formats::EventFile events(scratch / "x.tfevents", value);
  events.scalar(all.substr(0, half), all.substr(half), {static_cast<int64_t>(half), value}, value);
  events.image(all, all.substr(0, half), {1, 2}, 1, 1, all);
  events.finish();
  if (records_in(bytes_of(scratch / "x.tfevents")) != 3) throw std::logic_error("not three records");
}

std::vector<std::string> event_seeds() { return {"train/loss The loss", std::string(200, 'x'), ""}; }

}  // namespace

Target event() { return {"event", write_events, event_seeds}; }

}  // namespace tests::fuzz
