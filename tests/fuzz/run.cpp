// run.h5 of both formats: everything that reports, charts and exports ask of it.
#include "core/run_log.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

using core::h5::File;

void read_all(const core::RunFile& run) {
  run.attributes();
  run.config();
  for (const core::Metric& metric : run.metrics()) {
    run.rows(metric.name);
    run.last_row(metric.name);
  }
  run.each([](const std::string&, const core::Rows& rows) {
    if (rows.size() > 0) rows.back();
  });
  for (const core::RunFile::Film& film : run.pictures())
    if (!film.steps.empty()) run.frame(film.name, film.steps.size() - 1);
}

void read_run(Bytes bytes) {
  const Held held(bytes, "run.h5");
  read_all(core::RunFile(held_folder()));
  check_closed();
}

void describe(File& file, const std::string& path, const std::string& before) {
  file.set(path, before + "unit", std::string("s"));
  file.set(path, before + "sentence", std::string("a value"));
  file.set(path, before + "wall_clock", int64_t{0});
}

// As RunLog lays it out, with tables of fewer rows.
void write_format_2(const std::filesystem::path& path) {
  File file = File::create(path);
  file.set("/", "format", std::string("atelier-run"));
  file.set("/", "format_version", int64_t{2});
  file.set("/", "name", std::string("x"));
  file.write_text("/config", "name: x\n");
  core::h5::CompressedTable table(
      file, {"/metrics/eval", "/newest/eval"},
      {{"step", false}, {"env_steps", false}, {"samples", false}, {"wall_s"}, {"loss"}}, 4);
  for (uint64_t step = 1; step <= 6; ++step) std::fill_n(table.begin_row(), 5, step);
  table.write();
  describe(file, "/metrics/eval", "loss.");
  core::h5::ResizableDataset frames(file, "/pictures/a/frames", H5T_NATIVE_UINT8, {2, 2, 3}, 1, 4);
  core::h5::ResizableDataset steps(file, "/pictures/a/step", H5T_NATIVE_INT64, {}, 4);
  const std::vector<uint8_t> pixels(12, 7);
  const int64_t step = 3;
  frames.append(pixels.data(), 1);
  steps.append(&step, 1);
  for (const char* key : {"kind", "sentence", "order"}) file.set("/pictures/a/frames", key, std::string("0"));
}

void write_format_1(const std::filesystem::path& path) {
  File file = File::create(path);
  file.set("/", "format", std::string("atelier-run"));
  file.set("/", "format_version", int64_t{1});
  file.write_text("/config", "name: x\n");
  const core::h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(core::Row)), H5Tclose);
  H5Tinsert(type, "step", offsetof(core::Row, step), H5T_NATIVE_INT64);
  H5Tinsert(type, "env_steps", offsetof(core::Row, env_steps), H5T_NATIVE_INT64);
  H5Tinsert(type, "samples", offsetof(core::Row, samples), H5T_NATIVE_INT64);
  H5Tinsert(type, "wall_s", offsetof(core::Row, wall_s), H5T_NATIVE_DOUBLE);
  H5Tinsert(type, "value", offsetof(core::Row, value), H5T_NATIVE_DOUBLE);
  core::h5::ResizableDataset table(file, "/metrics/train/loss", type, {}, 4, 4);
  const std::vector<core::Row> rows{{1, 2, 3, 0.5, 1.5}, {2, 4, 6, 1.0, 0.5}};
  table.append(rows.data(), rows.size());
  describe(file, "/metrics/train/loss", "");
}

std::vector<std::string> run_seeds() { return {written(write_format_2), written(write_format_1)}; }

}  // namespace

Target run() { return {"run", read_run, run_seeds, true}; }

}  // namespace tests::fuzz
