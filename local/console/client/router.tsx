import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Goes to another path of the console without loading the document again. */
export function go(path: string): void {
  history.pushState(undefined, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

/** The decoded parts of the address' path, such as `["leads", "crm-42"]`. */
export function usePath(): readonly string[] {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPath(location.pathname);
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  return path.split("/").filter(Boolean).map(decodeURIComponent);
}

interface LinkProps {
  /** A path of the console. */
  readonly to: string;
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the console. It opens in another tab when the user asks for that. */
export function Link({ to, isCurrent = false, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} aria-current={isCurrent ? "page" : undefined}>
      {children}
    </a>
  );
}
