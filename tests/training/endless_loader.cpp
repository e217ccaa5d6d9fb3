// Rows that are drawn for each batch: fresh, a pure function of seed and number, and gone on with by a
// cursor.
#include "training/data/endless_loader.h"

#include <set>

#include "core/random.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/all.h"

using training::Dataset;
using training::EndlessLoader;

namespace tests::endless_loader {

namespace {

Dataset uniform(int64_t rows, uint64_t seed) {
  core::Pcg64 random(seed);
  Dataset set(torch::empty({rows, 1}), torch::arange(rows));
  for (int64_t i = 0; i < rows; ++i) set.inputs()[i][0] = random.random();
  return set;
}

EndlessLoader loader(uint64_t seed, int64_t batch_size = 4) {
  return {uniform, batch_size, 40, seed, torch::kCPU};
}

// Of the source's own options.
training::data::Data load(const training::data::Entry& entry, const std::string& options) {
  const auto factory = entry.factory();
  core::Fields fields;
  factory.fields(fields);
  core::read_fields(fields, core::parse_yaml(options, entry.name));
  return factory.make();
}

}  // namespace

TEST_CASE("Every batch is drawn anew, and is a pure function of seed and number", "[training][data]") {
  EndlessLoader a = loader(1), b = loader(1), c = loader(2);
  std::set<float> seen;
  for (int k = 0; k < 25; ++k) {
    const torch::Tensor rows = a.next().inputs();
    for (int64_t i = 0; i < 4; ++i) seen.insert(rows[i][0].item<float>());
    CHECK(torch::equal(rows, b.next().inputs()));
    CHECK_FALSE(torch::equal(rows, c.next().inputs()));
  }
  CHECK(seen.size() == 100);
  CHECK(a.epoch() == 2.5);
}

TEST_CASE("A restored source of drawn rows goes on with the very next batch", "[training][data]") {
  EndlessLoader whole = loader(3), after = loader(3), other = loader(3, 5);
  for (int k = 0; k < 7; ++k) whole.next();
  core::Archive saved;
  whole.state(saved);
  core::Archive restoring(saved.blobs()), refused(saved.blobs());
  after.state(restoring);
  CHECK(after.epoch() == whole.epoch());
  for (int k = 0; k < 5; ++k) CHECK(torch::equal(whole.next().inputs(), after.next().inputs()));
  CHECK(refusal([&] { other.state(refused); }) ==
        "saved data cursor is of batches of 4 drawn rows, here they are of 5");
}

TEST_CASE("Overfitting shows the first drawn batch for ever", "[training][data]") {
  EndlessLoader plain = loader(3), same = loader(3);
  same.overfit();
  const torch::Tensor first = plain.next().inputs();
  for (int k = 0; k < 5; ++k) CHECK(torch::equal(same.next().inputs(), first));
}

TEST_CASE("Every source that is drawn goes on without end, by the same rows as its table's",
          "[training][data]") {
  int sources = 0;
  for (const auto& entry : training::data::all()) {
    core::Fields fields;
    const auto factory = entry.factory();
    factory.fields(fields);
    if (!fields.find("endless")) continue;
    INFO(entry.name);
    ++sources;
    const std::string unseen = entry.name == "glyphs" ? ", unseen: true" : "";
    const std::string sizes = "{train_size: 3000, test_size: 20" + unseen;
    const auto table = load(entry, sizes + "}"), endless = load(entry, sizes + ", endless: true}");
    CHECK_FALSE(table.endless);
    REQUIRE(endless.endless);
    CHECK(endless.endless->epoch_rows == 3000);
    CHECK(endless.train.size() == 1000);
    CHECK(torch::equal(endless.test.inputs(), table.test.inputs()));
    const uint64_t own = core::mix(0, {core::Part("train")});
    const Dataset again = endless.endless->draw(3000, own), fresh = endless.endless->draw(5, 1);
    CHECK(torch::equal(again.inputs(), table.train.inputs()));
    CHECK(fresh.inputs().sizes().slice(1) == table.train.inputs().sizes().slice(1));
    CHECK(fresh.classes == table.train.classes);
    CHECK_FALSE(torch::equal(fresh.inputs(), again.inputs().narrow(0, 0, 5)));
  }
  CHECK(sources == 20);
}

}  // namespace tests::endless_loader
