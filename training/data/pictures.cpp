#include "training/data/pictures.h"

#include "training/torch.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "core/formats/pictures.h"
#include "core/memory.h"
#include "core/random.h"

namespace training::data {
namespace {

using core::formats::PictureFolder;
using core::formats::PictureShape;

Dataset read_pictures(const PictureFolder& folder, const PictureShape& shape) {
  const auto M = std::ssize(folder.files);
  const size_t picture = shape.channels * shape.height * shape.width;
  core::require_memory(2 * double(M) * double(picture),
                       fmt::format("data: {} pictures of {} x {} pixels", M, shape.height, shape.width));
  const torch::Tensor pixels =
      torch::empty({M, int64_t(shape.channels), int64_t(shape.height), int64_t(shape.width)}, torch::kUInt8);
  std::vector<int64_t> labels;
  for (const auto& [file, label] : folder.files) {
    core::formats::read_picture(file, shape, pixels.data_ptr<uint8_t>() + labels.size() * picture);
    labels.push_back(label);
  }
  return {pixels, torch::tensor(labels, torch::kInt64), folder.classes};
}

std::string note_of(const PictureFolder& folder, const std::string& path) {
  if (folder.others == 0) return "";
  return fmt::format("data: {}: {} files that are no pictures are left aside", path, folder.others);
}

}  // namespace

void Pictures::fields(core::Fields& f) {
  f.add("path", path, "Folder with a folder for each class, in which its pictures lie, .png, .jpg or .jpeg",
        {.path = true});
  f.add("test_path", test_path, "Such a folder of those to be tested on; empty: test_share of the others",
        {.path = true});
  f.choice("colour", colour, "Channels of what is learned from: one, grey, or red, green and blue",
           {"grey", "rgb"});
  f.add("test_share", test_share,
        "Without test_path: share of the pictures to be tested on, drawn by `seed`, as much of every class",
        {.min = 0, .max = 0.9, .above = true});
  holdout.fields(f);
}

Data Pictures::load() const {
  core::check(!path.empty(), "data: pictures needs a path, of a folder with a folder for each class");
  const PictureFolder folder = core::formats::list_pictures(path);
  const PictureShape shape = core::formats::picture_shape(folder.files[0].path, colour == "rgb" ? 3 : 1);
  Data data{read_pictures(folder, shape), {}, {}, {}};
  data.note = note_of(folder, path);
  if (folder.classes.size() == 1)
    data.no_labels = fmt::format("{}: one class, the folder '{}'; a classifier needs two or more", path,
                                 folder.classes[0]);
  if (test_path.empty()) {
    const int64_t N = data.train.size();
    const auto rows = std::max<int64_t>(1, std::llround(test_share * double(N)));
    core::check(rows < N, "{}: {} pictures cannot be split into training and test", path, N);
    auto [rest, test] = train_valid_split(data.train, rows, core::mix(uint64_t(holdout.seed), {"split"}));
    data.train = std::move(rest);
    data.test = std::move(test);
  } else {
    const PictureFolder tested = core::formats::list_pictures(test_path);
    core::check(tested.classes == folder.classes, "{}: expected a folder for each class of {}", test_path,
                path);
    data.test = read_pictures(tested, shape);
  }
  holdout.take(data, path);
  return data;
}

}  // namespace training::data
