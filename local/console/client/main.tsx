import "./style.css";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { pages } from "./pages/index.tsx";
import { Link, usePath } from "./router.tsx";

const { environment = "" } = document.body.dataset;

function Console() {
  const [name, ...rest] = usePath();
  const page = pages.find((each) => each.name === name) ?? pages[0];
  useEffect(() => {
    document.title = `${page.title} · Leadwire ${environment}`;
  }, [page]);
  return (
    <>
      <a class="skip" href="#content">
        Skip to the page
      </a>
      <header>
        <h1>
          Leadwire <span class="environment">{environment}, on this machine</span>
        </h1>
        <nav aria-label="Pages">
          {pages.map((each) => (
            <Link key={each.name} to={`/${each.name}`} isCurrent={each === page}>
              {each.title}
            </Link>
          ))}
        </nav>
      </header>
      <main id="content">
        <page.View key={page.name} rest={rest} />
      </main>
    </>
  );
}

render(<Console />, document.body);
