// Films are fetched when they come into view; the page counts those that can play.
(() => {
  const films = [...document.querySelectorAll("video")];
  const page = document.documentElement.dataset;
  page.films = films.length;
  page.playing = 0;
  page.broken = 0;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      entry.target.preload = "auto";
    }
  }, { rootMargin: "400px" });
  for (const film of films) {
    film.addEventListener("canplay", () => { page.playing = Number(page.playing) + 1; }, { once: true });
    film.addEventListener("error", () => { page.broken = Number(page.broken) + 1; }, { once: true });
    seen.observe(film);
  }
})();
