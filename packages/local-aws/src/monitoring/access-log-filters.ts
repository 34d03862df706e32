import { UnsupportedStackError } from "../errors.ts";
import { field, textField } from "../stack/fields.ts";
import type { Stack } from "../stack/stack-file.ts";
import type { Sample } from "./metric-store.ts";

/**
 * Reads the stack's metric filters. They may count the answers of one status in the access log of the API.
 * @returns the samples that a request with an answer of a status gives
 * @throws UnsupportedStackError naming a filter that does something else
 */
export function accessLogFilters(stack: Stack): (status: number) => readonly Sample[] {
  const logs = stack.of("aws_apigatewayv2_stage").map((stage) => field(stage, "access_log_settings.destination_arn"));
  const groups = stack.of("aws_cloudwatch_log_group").filter(({ values }) => logs.includes(values.arn));
  const filters = stack.of("aws_cloudwatch_log_metric_filter").map((filter) => {
    const [, status] = /^\{ \$\.status = "(\d{3})" \}$/.exec(textField(filter, "pattern")) ?? [];
    const isOfApi = groups.some(({ values }) => values.name === filter.values.log_group_name);
    const [namespace, name, value] = ["namespace", "name", "value"].map((of) =>
      textField(filter, `metric_transformation.${of}`),
    );
    if (status === undefined || !isOfApi || value !== "1" || field(filter, "metric_transformation.dimensions")) {
      const simulated = '{ $.status = "429" } in the access log of the API, with a value of 1 and no dimensions';
      throw new UnsupportedStackError(filter.address, `local-aws simulates filters such as ${simulated}.`);
    }
    return { status: Number(status), namespace: String(namespace), name: String(name), dimensions: {}, value: 1 };
  });
  return (status) => filters.filter((filter) => filter.status === status);
}
