// Raw frames go to ffmpeg through a socket: unlike a pipe it says that ffmpeg is gone without a signal.
#include "render/film.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/child.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/path.h"
#include "core/shown.h"
#include "core/whole_file.h"

namespace render {

namespace {

constexpr int64_t frames_for_palette = 64;
constexpr double fastest_gif = 50;  // delays are hundredths of a second; viewers slow down below two of them

using Words = std::vector<std::string>;

// Its libraries wait for address space for ever where a limit leaves too little of it.
void check_limit() {
  constexpr rlim_t least = 1'500'000'000;  // bytes
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0)
    core::check(limit.rlim_cur >= least,
                "films are packed by ffmpeg, which needs {} of address space; ulimit -v allows {}",
                core::print_bytes(least), core::print_bytes(limit.rlim_cur));
}

// A running ffmpeg that reads frames.
class Ffmpeg {
 public:
  explicit Ffmpeg(Words words) {
    check_limit();
    std::array<int, 2> ends{};
    core::check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "no socket is left");
    frames_ = ends[0];
    complaints_ = ::memfd_create("ffmpeg", MFD_CLOEXEC);
    words.insert(words.begin(), {"ffmpeg", "-v", "error", "-y"});
    const int error = start(words, ends[1]);
    ::close(ends[1]);
    if (error != 0)
      throw core::Error("films are packed by ffmpeg, which cannot be started (Debian package: ffmpeg)",
                        core::Exit::missing_package);
  }
  Ffmpeg(const Ffmpeg&) = delete;
  Ffmpeg& operator=(const Ffmpeg&) = delete;
  ~Ffmpeg() {
    finish();
    ::close(complaints_);
  }

  // False when it reads no more.
  bool feed(const core::Image& frame) {
    for (size_t sent = 0; sent < frame.pixels.size();) {
      const ssize_t n = ::send(frames_, frame.pixels.data() + sent, frame.pixels.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<size_t>(n);
    }
    return true;
  }

  // Why it could not do what it was told to, empty where it could. Its exit code knows nothing of the last
  // bytes, which a full disk may have refused.
  std::string finish() {
    if (frames_ < 0) return "";
    ::close(std::exchange(frames_, -1));
    const int code = core::end_of(process_);
    const std::string said = first_complaint();
    return code == 0 || !said.empty() ? said : fmt::format("exit code {}", code);
  }

 private:
  int start(const Words& words, int input) {
    const core::Started started =
        core::start({.words = words, .folder = {}, .input = input, .errors = complaints_});
    process_ = started.process;
    if (started.error != 0) ::close(std::exchange(frames_, -1));
    return started.error;
  }

  std::string first_complaint() const {
    std::array<char, 400> text{};
    const ssize_t n = ::pread(complaints_, text.data(), text.size(), 0);
    const std::string_view said(text.data(), static_cast<size_t>(std::max<ssize_t>(n, 0)));
    return core::shown(said.substr(0, said.find('\n')));
  }

  int frames_ = -1, complaints_ = -1;
  pid_t process_ = -1;
};

Words input_of(const Film& film) {
  return {"-f",       "rawvideo",
          "-pix_fmt", "rgb24",
          "-s",       fmt::format("{}x{}", film.width, film.height),
          "-r",       fmt::format("{}", film.fps),
          "-i",       "pipe:0"};
}

Words palette_words(const Film& film, const std::string& palette) {
  Words words = input_of(film);
  words.insert(words.end(), {"-vf", "palettegen=reserve_transparent=0", "-f", "image2", "-update", "1",
                             "-frames:v", "1", "-c:v", "png", palette});
  return words;
}

Words gif_words(const Film& film, const std::string& palette, const std::string& draft) {
  const std::string rate = film.fps > fastest_gif ? fmt::format("fps={},", fastest_gif) : "";
  Words words = input_of(film);
  words.insert(words.end(), {"-i", palette, "-lavfi",
                             "[0:v]" + rate + "null[v];[v][1:v]paletteuse=dither=none:diff_mode=rectangle",
                             "-final_delay", "100", "-f", "gif", draft});
  return words;
}

// H.264 in 4:2:0, which every player knows, takes even sizes alone.
Words mp4_words(const Film& film, const std::string& draft) {
  Words words = input_of(film);
  words.insert(words.end(), {"-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "18",
                             "-pix_fmt", "yuv420p", "-threads", "1", "-fflags", "+bitexact", "-flags:v",
                             "+bitexact", "-movflags", "+faststart", "-f", "mp4", draft});
  return words;
}

void pack(const Words& words, const Film& film, int64_t stride, const std::filesystem::path& file) {
  Ffmpeg ffmpeg(words);
  for (int64_t t = 0; t < film.frames && ffmpeg.feed(film.draw(t)); t += stride) continue;
  const std::string why = ffmpeg.finish();
  core::check(why.empty(), "{}: cannot be written (ffmpeg: {})", file.string(), why);
}

}  // namespace

void check_film_name(const std::filesystem::path& file) {
  const bool known = core::ending(file) == ".gif" || core::ending(file) == ".mp4";
  core::check(known, "{}: films end in .gif or .mp4", file.string());
}

void write_film(const std::filesystem::path& file, const Film& film) {
  check_film_name(file);
  core::WholeFile film_file(core::as_word(file));
  const std::string draft = film_file.draft().string();
  if (core::ending(file) == ".gif") {
    const int64_t stride = std::max<int64_t>(1, film.frames / frames_for_palette);
    const core::WholeFile palette(core::as_word(file));  // never kept
    pack(palette_words(film, palette.draft().string()), film, stride, file);
    pack(gif_words(film, palette.draft().string(), draft), film, 1, file);
  } else {
    pack(mp4_words(film, draft), film, 1, file);
  }
  film_file.keep();
}

}  // namespace render
