#include "core/formats/cifar.h"

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/memory.h"
#include "core/path.h"

namespace core::formats {

const std::array<std::string, 10>& cifar_classes() {
  static const std::array<std::string, 10> names{"airplane", "automobile", "bird",  "cat",  "deer",
                                                 "dog",      "frog",       "horse", "ship", "truck"};
  return names;
}

CifarRecords read_cifar(const std::filesystem::path& file) {
  constexpr uint64_t most = uint64_t{1} << 32, record = 1 + CifarRecords::picture;
  require_data(file, "a binary file of CIFAR-10");
  const std::string name = file.string();
  require_memory(2 * static_cast<double>(std::filesystem::file_size(file)), "data: " + name);
  const std::string bytes = read_file(file, "a binary file of CIFAR-10", most);
  check(!bytes.empty() && bytes.size() % record == 0,
        "{}: no binary file of CIFAR-10, or truncated: expected records of {} bytes, found {} bytes", name,
        record, bytes.size());
  CifarRecords all;
  for (uint64_t at = 0; at < bytes.size(); at += record) {
    all.labels.push_back(static_cast<uint8_t>(bytes[at]));
    check(all.labels.back() < cifar_classes().size(), "{}: record {}: label {}, expected 0 .. 9", name,
          at / record + 1, all.labels.back());
    all.pictures.insert(all.pictures.end(), bytes.begin() + static_cast<int64_t>(at) + 1,
                        bytes.begin() + static_cast<int64_t>(at + record));
  }
  return all;
}

}  // namespace core::formats
