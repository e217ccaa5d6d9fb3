// What a path means to every command that reads runs.
#include "core/run_folder.h"

#include <fstream>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::run_folder {

namespace fs = std::filesystem;

static void make(const fs::path& run, const std::string& files) {
  fs::create_directories(run);
  std::ofstream(run / "run.h5") << "";
  std::ofstream(run / files) << "";
}

TEST_CASE("a run, a file inside of it, its seeds and every folder above mean the same runs", "[core]") {
  const Scratch scratch;
  const fs::path runs = scratch / "runs", time = runs / "pole" / "2026-01-01";
  for (const char* seed : {"seed-0", "seed-2", "seed-10"}) make(time / seed, "best.h5");
  make(runs / "pole" / "2025-12-31" / "seed-0", "best.h5");  // not the newest
  fs::create_directory_symlink("2026-01-01", runs / "pole" / "latest");
  make(runs / "flow" / "own", "last.h5");
  const std::vector<fs::path> seeds{time / "seed-0", time / "seed-2", time / "seed-10"};
  CHECK(core::find_runs(time) == seeds);
  CHECK(core::find_runs(time / "seed-2") == std::vector<fs::path>{seeds[1]});
  CHECK(core::find_runs(time / "seed-2" / "best.h5") == std::vector<fs::path>{seeds[1]});
  CHECK(core::find_runs(runs / "pole").size() == 3);
  CHECK(core::find_runs(runs / "pole")[2] == runs / "pole/latest/seed-10");
  const auto all = core::find_runs(runs);
  REQUIRE(all.size() == 4);
  CHECK(all[0] == runs / "flow/own");
  CHECK(core::find_run(time) == seeds[0]);
  CHECK(core::choice_of_run(time, seeds[0]) ==
        time.string() + ": holds 3 runs, this is " + seeds[0].string());
  CHECK(core::choice_of_run(seeds[1], seeds[1]).empty());
  CHECK(core::choice_of_run(seeds[1] / "best.h5", seeds[1]).empty());
  fs::last_write_time(runs / "flow/own/run.h5", fs::file_time_type::clock::now() + std::chrono::hours(1));
  CHECK(core::find_run(runs) == runs / "flow/own");
  CHECK_THROWS_AS(core::find_runs(runs / "nowhere"), core::Error);
  std::ofstream(runs / "notes.txt") << "";
  CHECK_THROWS_AS(core::find_runs(runs / "notes.txt"), core::Error);
}

TEST_CASE("a latest that leads out of its folder is not followed", "[core]") {
  const Scratch scratch;
  const fs::path mine = scratch / "mine", strange = scratch / "strange";
  make(mine / "seed-0", "last.h5");
  make(strange / "2026-01-01" / "seed-0", "last.h5");
  fs::create_directory_symlink(mine, strange / "link");
  const std::vector<fs::path> own{strange / "2026-01-01" / "seed-0"};
  for (const fs::path& target :
       {fs::path("../mine"), mine, fs::path("/"), fs::path(".."), fs::path("."), fs::path("link")}) {
    INFO(target);
    fs::remove(strange / "latest");
    fs::create_directory_symlink(target, strange / "latest");
    CHECK(core::find_runs(strange) == own);
  }
}

TEST_CASE("a run without best.h5 answers with last.h5, and a line says so", "[core]") {
  const Scratch scratch;
  const fs::path early = scratch / "early", whole = scratch / "whole";
  make(early, "last.h5");
  make(whole, "last.h5");
  make(whole, "best.h5");
  CHECK(core::held_checkpoint(early) == "last");
  CHECK(core::held_checkpoint(early, "best") == "last");
  CHECK(core::held_checkpoint(whole) == "best");
  CHECK(core::held_checkpoint(whole, "last") == "last");
  CHECK(core::instead_of(whole, "", "best").empty());
  CHECK(core::instead_of(early, "", "last").find("last.h5") != std::string::npos);
}

}  // namespace tests::run_folder
